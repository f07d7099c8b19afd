/** What callers of --restart are told, in runs of the state machine. */
import t from 'tap';
import { advance, requestedAt, type Ticket } from '../../src/core/report/restart-ticket.js';
import { initialState, type State } from '../../src/core/loop/state.js';
import { step } from '../../src/core/loop/step.js';
import type { Event, Settings } from '../../src/core/loop/types.js';

const settings: Settings = {
  interval: 1,
  killOldDelay: { text: '0', seconds: 0 },
  autoRestart: undefined,
  signalOnHup: { name: 'TERM', number: 15 },
  signalOnTerm: { name: 'TERM', number: 15 },
};

/** A caller, and events in short: `fork 101`, `accept`, `die 101 256`, `TERM`, `refuse`, `wait`. */
type Line = readonly [what: string, said?: string];

/** Plays a story; what a caller is told after a line stands behind it, as `A done 2` or `A failed 2`. */
function play(lines: readonly Line[], overrides: Partial<Settings> = {}): readonly Line[] {
  let state: State = initialState(0);
  let now = 0;
  const tickets = new Map<string, Ticket>();
  return lines.map(([what]) => {
    const asks = what.endsWith(' asks');
    if (asks) tickets.set(what.charAt(0), requestedAt(state));
    now += what === 'accept' || what === 'wait' ? 2000 : 1;
    const event = eventOf(asks ? 'HUP' : what, now);
    const before = state;
    const decision = step(before, event, { ...settings, ...overrides });
    state = decision.state;
    const said: string[] = [];
    for (const [name, ticket] of tickets) {
      const progress = advance(ticket, before, event, decision);
      tickets.set(name, progress.ticket);
      if (progress.failure !== undefined) said.push(`${name} failed ${String(progress.failure.generation)}`);
      const { verdict } = progress;
      if (verdict === undefined) continue;
      tickets.delete(name);
      if (verdict.type === 'done') said.push(`${name} done ${String(verdict.worker.generation)}`);
      else if (verdict.type === 'cancelled') said.push(`${name} cancelled`);
      else if (verdict.type === 'given up') said.push(`${name} given up, serves: ${String(verdict.serves)}`);
      else said.push(`${name} ending`);
    }
    return said.length === 0 ? [what] : [what, said.join('; ')];
  });
}

function eventOf(what: string, now: number): Event {
  const [name = '', pid, status] = what.split(' ');
  switch (name) {
    case 'fork':
      return { type: 'forked', pid: Number(pid), now };
    case 'die':
      return { type: 'died', pid: Number(pid), status: Number(status), now };
    case 'refuse':
      return { type: 'fork failed', reason: 'no', now };
    case 'cancel':
      return { type: 'cancel', now };
    case 'HUP':
    case 'TERM':
      return { type: 'signal', signal: name, now };
    default:
      return { type: 'deadline', now };
  }
}

const start: readonly Line[] = [['wait'], ['fork 101'], ['accept']];

const stories: Readonly<Record<string, readonly [lines: readonly Line[], overrides?: Partial<Settings>]>> = {
  'one restart': [[['A asks'], ['fork 102'], ['accept'], ['die 101 15', 'A done 2']]],
  'nothing was left of the old one': [[['A asks'], ['fork 102'], ['die 101 0'], ['accept', 'A done 2']]],
  'a start fails first': [
    [
      ['A asks'],
      ['fork 102'],
      ['die 102 256', 'A failed 2'],
      ['wait'],
      ['fork 103'],
      ['accept'],
      ['die 101 15', 'A done 3'],
    ],
  ],
  'a fork is refused first': [
    [['A asks'], ['refuse', 'A failed 2'], ['wait'], ['fork 103'], ['accept'], ['die 101 15', 'A done 3']],
  ],
  'another caller overtakes': [
    [
      ['A asks'],
      ['fork 102'],
      ['accept'],
      ['B asks'],
      ['fork 103'],
      ['accept'],
      ['die 102 15'],
      ['die 101 15', 'A done 2; B done 3'],
    ],
  ],
  'the new one dies beside the old one': [
    [
      ['A asks'],
      ['fork 102'],
      ['accept'],
      ['die 102 9', 'A failed 2'],
      ['fork 103'],
      ['die 101 15'],
      ['accept', 'A done 3'],
    ],
  ],
  'an older restart is on its way': [
    [
      ['HUP'],
      ['fork 102'],
      ['A asks'],
      ['accept'],
      ['fork 103'],
      ['accept'],
      ['die 101 15'],
      ['die 102 15', 'A done 3'],
    ],
  ],
  'it is given up': [
    [
      ['A asks'],
      ['fork 102'],
      ['die 102 256', 'A failed 2'],
      ['wait'],
      ['fork 103'],
      ['die 103 256', 'A failed 3; A given up, serves: true'],
    ],
    { maxFailures: 2 },
  ],
  'one that asks during the last try gets a try of its own': [
    [
      ['A asks'],
      ['fork 102'],
      ['B asks'],
      ['die 102 256', 'A failed 2'],
      ['fork 103'],
      ['accept'],
      ['die 101 15', 'A done 3; B done 3'],
    ],
    { maxFailures: 1 },
  ],
  'nothing serves any more': [
    [['A asks'], ['fork 102'], ['die 101 9'], ['die 102 256', 'A failed 2; A given up, serves: false']],
    { maxFailures: 1 },
  ],
  'it is cancelled on probation, and so is the one that waits': [
    [['A asks'], ['fork 102'], ['B asks'], ['cancel', 'A cancelled; B cancelled'], ['die 102 15']],
  ],
  'it is cancelled in the pause after a failed start': [
    [['A asks'], ['fork 102'], ['die 102 256', 'A failed 2'], ['cancel', 'A cancelled']],
  ],
  'it is cancelled before the old one is told to end': [
    [['A asks'], ['fork 102'], ['accept'], ['cancel', 'A cancelled'], ['die 102 15']],
    { killOldDelay: { text: '60', seconds: 60 } },
  ],
  'it is too late to cancel it': [[['A asks'], ['fork 102'], ['accept'], ['cancel'], ['die 101 15', 'A done 2']]],
  'another one is cancelled after it': [
    [['A asks'], ['fork 102'], ['accept'], ['B asks'], ['fork 103'], ['cancel', 'B cancelled'], ['die 103 15'], ['die 101 15', 'A done 2']], // prettier-ignore
  ],
  'nobody serves who could go on': [
    [['A asks'], ['fork 102'], ['die 101 9'], ['cancel'], ['B asks'], ['cancel', 'B cancelled'], ['accept', 'A done 2']], // prettier-ignore
  ],
  'it is stopped': [[['A asks'], ['fork 102'], ['TERM', 'A ending']]],
};

for (const [name, [lines, overrides]] of Object.entries(stories)) {
  const story = [...start, ...lines];
  t.same(play(story, overrides), story, name);
}
