// The requests as they come, the newest first.

import {at, el, empty, row, size} from './dom.js';
import {call, query} from './api.js';

const columns = [
  ['#', 'number spare'], ['Time', 'short'], ['Status', 'number'], ['Operation', 'short'], ['Resource', 'name'],
  ['Error', 'short'], ['Fault', 'name'], ['In', 'number spare'], ['Out', 'number spare'], ['Took', 'number spare'],
];
const keep = 500;
let entries = [];
let last = null;
let isPaused = false;

export function setUp() {
  at('filter').oninput = showAll;
  at('failed').onchange = showAll;
  at('pause').onclick = () => {
    isPaused = !isPaused;
    at('pause').classList.toggle('main', isPaused);
    at('pause').textContent = isPaused ? 'Go on' : 'Pause';
  };
  showAll();
}

// Takes what is new; while paused it waits at the server.
export async function refresh() {
  if (isPaused) return;
  const page = await call('journal' + (last === null ? query({limit: keep}) : query({since: last, limit: keep})));
  if (last !== null && page.last < last) {
    // Another server answers at this address: its numbers start again.
    last = null;
    clear();
    return refresh();
  }
  last = page.last;
  if (!page.entries.length) return;
  const isFirst = !entries.length;
  entries = page.entries.reverse().concat(entries).slice(0, keep);
  if (isFirst) return showAll();
  const body = at('journal').querySelector('tbody');
  if (!body) return showAll();
  body.prepend(...page.entries.filter(isWanted).map(lineOf));
  while (body.children.length > keep) body.lastElementChild.remove();
}

// Forgets everything, as after a reset.
export function clear() { entries = []; showAll(); }

function isWanted(entry) {
  if (at('failed').checked && entry.status > 0 && entry.status < 400) return false;
  const words = at('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
  const text = [entry.service, entry.operation, entry.resource, entry.status, entry.error, ...(entry.faults ?? [])]
    .join(' ').toLowerCase();
  return words.every(word => text.includes(word));
}

function showAll() {
  const wanted = entries.filter(isWanted);
  if (!wanted.length) {
    at('journal').replaceChildren(empty(entries.length ? 'No request fits the filter.'
      : 'No request yet. Whatever a client sends appears here at once.'));
    return;
  }
  const head = el('tr', {}, ...columns.map(([text, kind]) => el('th', {className: kind, scope: 'col'}, text)));
  at('journal').replaceChildren(
    el('table', {}, el('thead', {}, head), el('tbody', {}, ...wanted.map(lineOf))));
}

function lineOf(entry) {
  const isGood = entry.status > 0 && entry.status < 400;
  const [time, fraction] = entry.time.slice(11, 23).split('.');
  return row(columns, [
    entry.number, el('span', {}, time, el('span', {className: 'spare soft'}, '.' + fraction)),
    el('span', {className: isGood ? 'good' : 'bad'}, entry.status ? String(entry.status) : 'cut'),
    `${entry.service}.${entry.operation || '?'}`, entry.resource, entry.error, (entry.faults ?? []).join(', '),
    size(entry.request_bytes), size(entry.response_bytes), `${entry.duration_ms.toFixed(1)} ms`,
  ]);
}
