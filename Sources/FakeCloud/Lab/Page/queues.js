// Queues, and the messages of one of them as they lie. Looking changes no count and hides nothing.

import {age, at, button, el, empty, show, size, table} from './dom.js';
import {call, query} from './api.js';

let chosen = null;
let state = 'all';
const limit = 50;

const columns = [
  ['Queue', 'name'], ['Visible', 'number'], ['In flight', 'number'], ['Delayed', 'number'], ['Oldest', 'number'],
  ['Dead letters', 'name spare'],
];

// Shows all queues, and the messages of the chosen one; returns the queues.
export async function refresh(again) {
  const {queues} = await call('queues');
  if (!queues.some(queue => queue.name === chosen)) {
    chosen = (queues.find(queue => queue.oldest_sent_at) ?? queues[0])?.name ?? null;
  }
  const facts = queues.map(({oldest_age_seconds: _, attributes: __, ...rest}) => rest);
  show('queues', [facts, chosen], () => queues.length ? queueTable(queues, again) : empty(
    'No queue yet. With the lines above in a shell, ', el('code', {}, 'aws sqs create-queue --queue-name jobs'),
    ' makes one.'));
  await showMessages(queues, again);
  return queues;
}

function queueTable(queues, again) {
  const rows = queues.map(queue => [
    button(queue.name, 'queue ' + queue.name, () => { chosen = queue.name; state = 'all'; again(); },
      {className: 'link', 'aria-pressed': queue.name === chosen}),
    queue.visible, queue.in_flight, queue.delayed, age(queue.oldest_sent_at), deadLetters(queue),
  ]);
  return table(columns, rows);
}

function deadLetters(queue) {
  if (queue.dead_letter_queue) return `to ${queue.dead_letter_queue} after ${queue.max_receives} receives`;
  return queue.dead_letters_of ? `from ${queue.dead_letters_of.join(', ')}` : '';
}

async function showMessages(queues, again) {
  const queue = queues.find(each => each.name === chosen);
  if (!queue) {
    show('states', null, () => []);
    show('messages', null, () => empty('Messages are shown here once there is a queue.'));
    return;
  }
  const states = [
    ['all', 'All', queue.visible + queue.in_flight + queue.delayed], ['visible', 'Visible', queue.visible],
    ['in-flight', 'In flight', queue.in_flight], ['delayed', 'Delayed', queue.delayed],
  ];
  const dead = queues.find(each => each.name === queue.dead_letter_queue);
  if (dead) states.push(['dead', 'Dead letters', dead.visible + dead.in_flight + dead.delayed]);
  if (!states.some(([name]) => name === state)) state = 'all';
  show('states', [states, state], () => states.map(([name, text, count]) =>
    button(`${text} ${count}`, name, () => { state = name; again(); }, {'aria-pressed': name === state})));
  const source = state === 'dead' ? dead.name : queue.name;
  const wanted = state === 'all' || state === 'dead' ? {limit} : {limit, state};
  const page = await call(`queues/${encodeURIComponent(source)}/messages` + query(wanted));
  at('messages-title').replaceChildren('Messages in ', el('code', {}, source));
  const facts = page.messages.map(({age_seconds: _, ...rest}) => rest);
  show('messages', [source, state, facts, page.count], () => messageList(page, source, again));
}

function messageList(page, source, again) {
  if (!page.messages.length) {
    return empty(state === 'all' ? 'No message. ' : 'No message in this state. ', state === 'all'
      ? el('code', {}, `aws sqs send-message --queue-url ${location.origin}/000000000000/${source} --message-body hello`)
      : '');
  }
  const rows = page.messages.map(message => [
    el('span', {className: message.state === 'visible' ? 'good' : 'warn'}, message.state.replace('-', ' ')),
    message.receive_count, age(message.sent_at), messageBody(message),
  ]);
  const parts = [table([['State', 'short'], ['Received', 'number'], ['Age', 'number'], ['Body', 'name']], rows)];
  const more = page.count - page.messages.length;
  if (more > 0) parts.push(empty(`and ${more} more; GET /_lab/queues/${source}/messages?limit=10000 has them all`));
  return parts;
}

function messageBody(message) {
  const line = message.body.replace(/\s+/g, ' ');
  const short = line.length > 90 ? line.slice(0, 90) + '…' : line;
  const facts = {
    'Message id': message.message_id, Sent: message.sent_at, 'Visible from': message.available_at,
    'First received': message.first_received_at, 'Last received': message.last_received_at,
    'Message group': message.group_id, 'Dead letter of': message.dead_lettered_from,
    Attributes: message.attributes && JSON.stringify(message.attributes),
  };
  const list = el('dl', {});
  for (const [name, value] of Object.entries(facts)) {
    if (value) list.append(el('dt', {}, name), el('dd', {className: 'mono'}, value));
  }
  return el('details', {'data-key': message.message_id},
    el('summary', {'data-key': 'body ' + message.message_id}, el('code', {}, short || '(empty)'), ' ',
      el('span', {className: 'soft'}, size(new Blob([message.body]).size))),
    el('pre', {}, pretty(message.body)), list);
}

// JSON is laid out; all other text stays as it is.
function pretty(body) {
  try { return JSON.stringify(JSON.parse(body), null, 2); } catch { return body; }
}
