// The lab's door, as this page uses it.

import {at} from './dom.js';

// One call; throws what the lab says is wrong.
export async function call(path, method = 'GET', body = undefined) {
  const reply = await fetch('/_lab/' + path, {method, body: body && JSON.stringify(body)});
  const document = await reply.json();
  if (!reply.ok) throw new Error(document.error);
  return document;
}

export function query(parameters) { return '?' + new URLSearchParams(parameters); }

// Says what is wrong at the top of the page. What a person's own action brought about stays until their next one;
// what came of keeping up to date goes when that works again.
let isOwn = false;
export function note(text, own = false) {
  if (isOwn && !own) return;
  isOwn = own && text !== '';
  if (at('note').textContent !== text) at('note').textContent = text;
}

// Does something that a person asked for, says what went wrong, and then runs `after`.
export async function act(path, method, body, after) {
  let problem = '';
  try { await call(path, method, body); } catch (error) { problem = words(error); }
  note(problem, true);
  await after();
}

export function words(error) {
  return error instanceof TypeError ? 'The server does not answer; is it still running?' : error.message;
}
