/** A restart and a stop, second by second, played with the decision itself: so the manual shows what is really done. */
import { deadlineOf, initialState, type State } from '../../src/core/loop/state.js';
import { defaults } from '../../src/core/command-line/option-table.js';
import { formatStatus } from '../../src/core/report/status-format.js';
import { step } from '../../src/core/loop/step.js';
import type { Action, Event, Settings, Signal } from '../../src/core/loop/types.js';

const term: Signal = { name: 'TERM', number: 15 };
const settings: Settings = {
  interval: Number(defaults.interval),
  killOldDelay: { text: '2', seconds: 2 },
  autoRestart: undefined,
  signalOnHup: term,
  signalOnTerm: term,
};

const pids = [4712, 4720];
const hupAt = 100;
const termAt = 200;

/** Lines of the log and contents of the status file, each behind the second in which it comes. */
export function restartInTime(): string[] {
  const lines: string[] = [];
  const unused = [...pids];
  const events: Event[] = [
    { type: 'signal', signal: 'HUP', now: hupAt * 1000 },
    { type: 'signal', signal: 'TERM', now: termAt * 1000 },
  ];
  let state = initialState(0);
  for (;;) {
    const event = nextEvent(state, events);
    if (event === undefined) return lines;
    const decision = step(state, event, settings);
    state = decision.state;
    for (const action of decision.actions) {
      const { shown, follows } = performed(action, event.now, unused);
      if (shown !== undefined) lines.push(`${String(event.now / 1000).padStart(3)}  ${shown}`);
      if (follows !== undefined) events.push(follows);
    }
  }
}

/** The next event: a signal that was sent, or a deadline, whichever is earlier; undefined when nothing is left. */
function nextEvent(state: State, events: Event[]): Event | undefined {
  const due = deadlineOf(state, settings);
  const [first] = events.sort((a, b) => a.now - b.now);
  if (due !== undefined && (first === undefined || due < first.now)) return { type: 'deadline', now: due };
  return events.shift();
}

function performed(action: Action, now: number, unused: number[]): { shown?: string; follows?: Event } {
  switch (action.type) {
    case 'log':
      return { shown: action.line };
    case 'spawn': {
      const pid = unused.shift();
      if (pid === undefined) throw new Error('more workers than were expected');
      return { follows: { type: 'forked', pid, now } };
    }
    case 'kill':
      return { follows: { type: 'died', pid: action.pid, status: 0, now: now + 1000 } };
    case 'write status':
      return { shown: `[status file] ${formatStatus(action.workers).trimEnd().replace(/\n/g, ' ') || 'empty'}` };
    case 'adopt':
    case 'drop':
    case 'upgrade':
    case 'exit':
      return {};
  }
}
