// The clock in the header: it stands still, goes on, and is moved.

import {at, button, duration} from './dom.js';
import {act, call} from './api.js';

let isFrozen = false;
const steps = [['+1 min', '1m'], ['+15 min', '15m'], ['+1 h', '1h']];

export function setUp(refresh, onReset) {
  for (const [text, by] of steps) {
    at('steps').append(button(text, text, () => act('clock/advance', 'POST', {by}, refresh)));
  }
  at('freeze').onclick = () => act('clock', 'PUT', {mode: isFrozen ? 'real' : 'frozen'}, refresh);
  at('advance').onsubmit = event => {
    event.preventDefault();
    act('clock/advance', 'POST', {by: at('by').value.trim()}, refresh);
  };
  at('reset').onclick = () => {
    if (confirm('Bring queues, objects, clock and faults back to the state after the start?')) {
      onReset();
      act('reset', 'POST', undefined, refresh);
    }
  };
}

// Shows the clock and returns the cloud's time.
export async function refresh() {
  const clock = await call('clock');
  isFrozen = clock.mode === 'frozen';
  const ahead = clock.ahead_seconds;
  const distance = Math.abs(ahead) < 1 ? '' : (ahead < 0 ? '−' : '+') + duration(Math.abs(ahead));
  at('now').textContent = clock.now.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  at('mode').textContent = isFrozen ? 'frozen' + (distance && ` ${distance}`) : distance || 'real time';
  at('mode').title = `The machine says ${clock.machine_time}`;
  at('freeze').textContent = isFrozen ? 'Real time' : 'Freeze';
  at('mode').classList.toggle('warn', isFrozen);
  return clock.now;
}
