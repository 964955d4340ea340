// Puts the parts of the page together and keeps them up to date.

import {at, copyLine, el, show, tick} from './dom.js';
import {call, note, words} from './api.js';
import * as clock from './clock.js';
import * as faults from './faults.js';
import * as journal from './journal.js';
import * as objects from './objects.js';
import * as queues from './queues.js';

const every = 1000;
let isRunning = false;
let runsAgain = false;

// Asks for everything once; who asks meanwhile gets one more round.
async function refresh() {
  runsAgain = true;
  if (isRunning) return;
  isRunning = true;
  while (runsAgain) {
    runsAgain = false;
    try {
      const now = await clock.refresh();
      const someQueues = await queues.refresh(refresh);
      const someBuckets = await objects.refresh(refresh);
      await faults.refresh([...someQueues, ...someBuckets].map(each => each.name), refresh);
      await journal.refresh();
      openConnection(someQueues.length + someBuckets.length === 0);
      tick(now);
      note('');
    } catch (error) {
      note(words(error));
    }
  }
  isRunning = false;
}

// How to connect is open as long as nothing is there, until a person opens or closes it.
let wasEmpty = null;
function openConnection(isEmpty) {
  if (isEmpty !== wasEmpty) at('connect').open = isEmpty;
  wasEmpty = isEmpty;
}

async function showConnection() {
  at('endpoint').textContent = location.origin;
  const connection = await call('connection');
  const lines = [`export AWS_ENDPOINT_URL=${location.origin} AWS_DEFAULT_REGION=${connection.region}`];
  if (connection.access_key_id) {
    lines.push(`export AWS_ACCESS_KEY_ID=${connection.access_key_id} `
      + `AWS_SECRET_ACCESS_KEY=${connection.secret_access_key}`);
  }
  show('connect-lines', lines, () => [
    ...lines.map(copyLine),
    el('p', {className: 'soft'}, connection.access_key_id || connection.signatures === 'accepted'
      ? 'Paste into a shell: the AWS CLI and every SDK go here then. '
      : 'Paste into a shell, with the keys that this server was started with. ',
      'Then make a queue or a bucket, and this page fills itself.'),
  ]);
}

clock.setUp(refresh, journal.clear);
faults.setUp(refresh);
journal.setUp();
showConnection().catch(error => note(words(error)));
refresh();
setInterval(() => document.hidden || refresh(), every);
