/** What callers of --reconfigure are told, in runs of the state machine. */
import t from 'tap';
import { initialState, type State } from '../../src/core/loop/state.js';
import { step } from '../../src/core/loop/step.js';
import type { Event, Settings } from '../../src/core/loop/types.js';
import { advanceReconfiguration, offered, type ReconfigureTicket } from '../../src/core/report/reconfigure-ticket.js';

const settings: Settings = {
  interval: 1,
  killOldDelay: { text: '0', seconds: 0 },
  autoRestart: undefined,
  signalOnHup: { name: 'TERM', number: 15 },
  signalOnTerm: { name: 'TERM', number: 15 },
};

/** An event in short, and what the caller is told after it. */
type Line = readonly [what: string, said?: string];

function play(lines: readonly Line[], candidate: Partial<Settings> = {}): Line[] {
  let state: State = initialState(0);
  let now = 0;
  let ticket: ReconfigureTicket | undefined;
  return lines.map(([what]) => {
    now += what === 'accept' ? 2000 : 1;
    const event = eventOf(what, now, { ...settings, ...candidate });
    if (event.type === 'reconfigure') ticket = offered;
    const before = state;
    const decision = step(before, event, settings);
    state = decision.state;
    if (ticket === undefined) return [what];
    const wasAdopted = ticket.isAdopted;
    const progress = advanceReconfiguration(ticket, before, event, decision);
    ticket = progress.verdict === undefined ? progress.ticket : undefined;
    const said = [...(progress.ticket.isAdopted && !wasAdopted ? ['in force'] : []), ...worded(progress.verdict)];
    return said.length === 0 ? [what] : [what, said.join(', ')];
  });
}

function worded(verdict: ReturnType<typeof advanceReconfiguration>['verdict']): string[] {
  switch (verdict?.type) {
    case undefined:
      return [];
    case 'done':
      return [`done ${String(verdict.worker.generation)}`];
    case 'failed':
      return [`failed ${String(verdict.failure?.generation)}${verdict.serves ? '' : ', nothing serves'}`];
    case 'withdrawn':
    case 'ending':
      return [verdict.type];
  }
}

function eventOf(what: string, now: number, wanted: Settings): Event {
  const [verb = '', pid = '', status = '0'] = what.split(' ');
  switch (verb) {
    case 'reconfigure':
      return { type: 'reconfigure', settings: wanted, now };
    case 'withdraw':
      return { type: 'withdrawn', now };
    case 'cancel':
      return { type: 'cancel', now };
    case 'fork':
      return { type: 'forked', pid: Number(pid), now };
    case 'refuse':
      return { type: 'fork failed', reason: 'no', now };
    case 'die':
      return { type: 'died', pid: Number(pid), status: Number(status), now };
    case 'TERM':
    case 'HUP':
      return { type: 'signal', signal: verb, now };
    default:
      return { type: 'deadline', now };
  }
}

const serving: readonly Line[] = [['start'], ['fork 101'], ['accept']];
const delay = { killOldDelay: { text: '1', seconds: 1 } };

const stories: Readonly<Record<string, readonly [lines: readonly Line[], candidate?: Partial<Settings>]>> = {
  'done when it is in force and alone': [
    [...serving, ['reconfigure'], ['fork 102'], ['accept', 'in force'], ['die 101', 'done 2']],
  ],
  'in force only when the delay is over': [
    [...serving, ['reconfigure'], ['fork 102'], ['accept'], ['accept', 'in force'], ['die 101', 'done 2']],
    delay,
  ],
  'alone, and the delay is not over': [
    [
      ['start'],
      ['fork 101'],
      ['die 101 256'],
      ['reconfigure'],
      ['fork 102'],
      ['accept'],
      ['accept', 'in force, done 2'],
    ],
    delay,
  ],
  'its worker fails': [[...serving, ['reconfigure'], ['fork 102'], ['die 102 256', 'failed 2']]],
  'its worker fails during the delay': [
    [...serving, ['reconfigure'], ['fork 102'], ['accept'], ['die 102 256', 'failed 2']],
    delay,
  ],
  'its fork is refused': [[...serving, ['reconfigure'], ['refuse', 'failed 2']]],
  'nothing serves': [
    [
      ['start'],
      ['fork 101'],
      ['die 101 256'],
      ['reconfigure'],
      ['fork 102'],
      ['die 102 256', 'failed 2, nothing serves'],
    ],
  ],
  'a restart before it': [
    [
      ...serving,
      ['HUP'],
      ['fork 102'],
      ['reconfigure'],
      ['accept'],
      ['fork 103'],
      ['die 101'],
      ['accept', 'in force'],
      ['die 102', 'done 3'],
    ],
  ],
  'withdrawn before its turn': [[...serving, ['HUP'], ['fork 102'], ['reconfigure'], ['withdraw', 'withdrawn']]],
  'withdrawn on probation': [[...serving, ['reconfigure'], ['fork 102'], ['withdraw'], ['die 102 15', 'withdrawn']]],
  'withdrawn during the delay': [
    [...serving, ['reconfigure'], ['fork 102'], ['accept'], ['withdraw', 'withdrawn']],
    delay,
  ],
  'cancelled before its turn': [[...serving, ['HUP'], ['fork 102'], ['reconfigure'], ['cancel', 'withdrawn']]],
  'cancelled on probation': [[...serving, ['reconfigure'], ['fork 102'], ['cancel'], ['die 102 15', 'withdrawn']]],
  'cancelled during the delay': [
    [...serving, ['reconfigure'], ['fork 102'], ['accept'], ['cancel', 'withdrawn']],
    delay,
  ],
  'a stop': [[...serving, ['reconfigure'], ['fork 102'], ['TERM', 'ending']]],
  'a stop before it': [[...serving, ['TERM'], ['reconfigure', 'ending']]],
  'a stop after it': [[...serving, ['reconfigure'], ['fork 102'], ['accept', 'in force'], ['TERM', 'ending']]],
  'a death after it': [
    [
      ...serving,
      ['reconfigure'],
      ['fork 102'],
      ['accept', 'in force'],
      ['die 102 9'],
      ['fork 103'],
      ['accept'],
      ['die 101', 'done 3'],
    ],
  ],
};

for (const [name, [lines, candidate]] of Object.entries(stories)) {
  t.test(name, (t) => {
    t.same(play(lines, candidate), lines);
    t.end();
  });
}
