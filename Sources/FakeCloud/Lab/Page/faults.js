// The faults that are armed, and the form that arms one.

import {at, button, el, empty, show} from './dom.js';
import {act, call, words} from './api.js';

// Each action: what a person reads, the fields it needs, and the document that the lab takes.
const text = (name, label, value) => ({name, label, value});
const actions = {
  error: ['answer with an error', [text('status', 'Status', '503'), text('code', 'Code', 'SlowDown')],
    f => ({error: {status: Number(f.status), code: f.code}})],
  latency: ['do it later', [text('length', 'Later by', '2s')], f => ({latency: f.length})],
  stall: ['do it at once, answer later', [text('length', 'Later by', '90s')], f => ({stall: {for: f.length}})],
  before: ['cut the connection, do nothing', [], () => ({reset: 'before'})],
  headers: ['do it, cut after the headers', [], () => ({reset: 'headers'})],
  applied: ['do it, cut without an answer', [], () => ({applyThen: 'reset'})],
  timeout: ['do it, never answer', [], () => ({applyThen: 'timeout'})],
  failed: ['do it, answer 500', [], () => ({applyThen: 'error'})],
  truncate: ['cut the body short', [text('bytes', 'After bytes', '100')], f => ({truncate: {after: Number(f.bytes)}})],
  slow: ['send the body slowly', [text('rate', 'Bytes per second', '1000')],
    f => ({slowBody: {bytesPerSecond: Number(f.rate)}})],
  corrupt: ['flip a bit of the body', [], () => ({corrupt: true})],
  duplicate: ['deliver messages twice (ReceiveMessage)', [], () => ({duplicate: true})],
  drop: ['SQS: say yes, do nothing', [], () => ({drop: true})],
};
const choices = {
  all: [],
  nth: [text('nth', 'Numbers, from 1', '2..4')],
  probability: [text('probability', 'Share, 0 to 1', '0.3'), text('seed', 'Seed', '1')],
};
// What SQS alone can do is aimed at SQS.
const sqsOnly = {duplicate: 'ReceiveMessage', drop: 'DeleteMessage'};
const operations = [
  '*', 'GetObject', 'HeadObject', 'PutObject', 'CopyObject', 'DeleteObject', 'DeleteObjects', 'ListObjectsV2',
  'CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload', 'AbortMultipartUpload', 'ReceiveMessage',
  'SendMessage', 'SendMessageBatch', 'DeleteMessage', 'DeleteMessageBatch', 'ChangeMessageVisibility', 'GetQueueUrl',
  'GetQueueAttributes', 'CreateQueue',
];

function fields(place, list) {
  at(place).replaceChildren(...list.map(({name, label, value}) =>
    el('label', {}, label + ' ', el('input', {name, value, required: true, autocomplete: 'off'}))));
}

export function setUp(refresh) {
  const form = at('arm');
  at('action').append(...Object.entries(actions).map(([value, [label]]) => el('option', {value}, label)));
  at('operations').append(...operations.map(value => el('option', {value})));
  at('action').onchange = chooseAction;
  at('choice').onchange = () => fields('chosen', choices[form.elements.choice.value]);
  fields('parameters', actions.error[1]);
  form.onsubmit = async event => {
    event.preventDefault();
    let problem = '';
    try { await call('faults', 'POST', rule(form)); } catch (error) { problem = words(error); }
    at('arm-note').textContent = problem;
    await refresh();
  };
}

function chooseAction() {
  const {action, service, operation} = at('arm').elements;
  fields('parameters', actions[action.value][1]);
  const fitting = sqsOnly[action.value];
  if (!fitting) return;
  service.value = 'sqs';
  if (operation.value === '*') operation.value = fitting;
}

// The rule as POST /_lab/faults takes it.
function rule(form) {
  const given = Object.fromEntries(new FormData(form));
  const match = {service: given.service, operation: given.operation || '*', resource: given.resource || '*'};
  if (given.choice === 'nth') match.nth = given.nth;
  if (given.choice === 'probability') {
    match.probability = Number(given.probability);
    match.seed = Number(given.seed);
  }
  const document = {name: actions[given.action][0], match, action: actions[given.action][2](given)};
  if (given.times) document.times = Number(given.times);
  return document;
}

// Shows what is armed; the names of queues and buckets are offered to the form.
export async function refresh(names, again) {
  const {faults} = await call('faults');
  show('resources', names, () => names.map(value => el('option', {value})));
  show('faults', faults, () => faults.length ? faultList(faults, again)
    : empty('No fault is armed. Below, choose what is to go wrong and when, and send your requests again.'));
}

function faultList(faults, again) {
  const items = faults.map(fault => el('div', {className: 'line'},
    button('Remove', 'remove ' + fault.id, () => act('faults/' + fault.id, 'DELETE', undefined, again),
      {'aria-label': `Remove fault ${fault.id}: ${fault.name}`}),
    el('div', {}, el('strong', {}, fault.name), ' ',
      el('span', {className: fault.fired ? 'tag warn' : 'tag soft'}, `hit ${fault.fired} of ${fault.matched}`),
      el('div', {className: 'soft mono'}, describe(fault)))));
  if (faults.length > 1) {
    items.push(button('Remove all', 'remove all', () => act('faults', 'DELETE', undefined, again)));
  }
  return items;
}

function describe({match, action, times}) {
  const [kind, value] = Object.entries(action)[0];
  const {message: _, ...facts} = typeof value === 'object' ? value : {value};
  const detail = value === true ? '' : ' ' + Object.values(facts).join(' ');
  const which = match.nth ? `, calls ${match.nth}` : '';
  const chance = match.probability === undefined ? '' : `, ${match.probability * 100} % (seed ${match.seed})`;
  const most = times ? `, at most ${times}` : '';
  return `${match.operation} on ${match.resource}: ${kind}${detail}${which}${chance}${most}`;
}
