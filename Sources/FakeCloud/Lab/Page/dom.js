// Elements, tables and the small words of the page. Text from the server becomes text nodes, never markup.

export const at = id => document.getElementById(id);

// An element with properties; `data` and `aria` are set as attributes, strings and nodes become children.
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('aria-') || key.startsWith('data-')) element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

// Replaces what an element holds when `state` is not what it was; focus and open details stay where they were.
const shown = new Map();
export function show(id, state, build) {
  const text = JSON.stringify(state);
  if (shown.get(id) === text) return;
  shown.set(id, text);
  const place = at(id);
  const focus = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const open = new Set([...place.querySelectorAll('details[open]')].map(details => details.dataset.key));
  place.replaceChildren(...[build()].flat());
  for (const details of place.querySelectorAll('details')) details.open ||= open.has(details.dataset.key);
  if (focus) place.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
}

// A table; columns are [heading, class], cells are nodes or text.
export function table(columns, rows) {
  const head = el('tr', {}, ...columns.map(([text, kind]) => el('th', {className: kind ?? '', scope: 'col'}, text)));
  const body = rows.map(cells => row(columns, cells));
  return el('div', {className: 'scroll'}, el('table', {}, el('thead', {}, head), el('tbody', {}, ...body)));
}

export function row(columns, cells) {
  return el('tr', {}, ...cells.map((cell, place) =>
    el('td', {className: columns[place][1] ?? ''}, cell instanceof Node ? cell : String(cell ?? ''))));
}

export function button(text, key, run, properties = {}) {
  return el('button', {type: 'button', onclick: run, 'data-key': key, ...properties}, text);
}

// A line to be pasted into a shell, with a button that copies it.
export function copyLine(text) {
  const copy = button('Copy', 'copy ' + text, async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = 'Copied';
    setTimeout(() => { copy.textContent = 'Copy'; }, 1500);
  });
  return el('div', {className: 'line'}, el('pre', {}, text), copy);
}

export function empty(...children) { return el('div', {className: 'empty'}, ...children); }

// Time since a moment of the cloud's clock; kept up to date by `tick`.
export function age(moment) { return moment ? el('time', {dateTime: moment, 'data-since': moment}) : ''; }

export function tick(now) {
  for (const element of document.querySelectorAll('[data-since]')) {
    const text = duration((Date.parse(now) - Date.parse(element.dataset.since)) / 1000);
    if (element.textContent !== text) element.textContent = text;
  }
}

export function duration(seconds) {
  const length = Math.max(0, seconds);
  if (length < 120) return `${Math.floor(length)} s`;
  if (length < 7200) return `${Math.floor(length / 60)} min`;
  if (length < 172800) return `${(length / 3600).toFixed(1)} h`;
  return `${(length / 86400).toFixed(1)} d`;
}

export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
