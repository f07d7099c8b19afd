import { deadlineOf, initialState, type State } from '../../../src/core/loop/state.js';
import { formatStatus } from '../../../src/core/report/status-format.js';
import { standingOrder } from '../../../src/core/loop/standing-order.js';
import { step } from '../../../src/core/loop/step.js';
import type { Action, Event, Settings } from '../../../src/core/loop/types.js';

/**
 * Replays a transcript: blocks of commands, a line `----`, and what follows from them. Gives the same text with what
 * really followed, so that a test compares the two.
 *
 *     settings interval=1 ...   what the options say, first of all and whenever it changes
 *     start                     the first fork
 *     wait SECONDS              deadlines on the way are delivered when they are due
 *     HUP | TERM | INT | QUIT   a signal to the superdaemon
 *     die PID STATUS            a child ended with this wait status
 *     fork refused REASON       the next fork fails
 *     ready PID                 a worker says that it is ready
 *     say PID TEXT              a worker says something else
 *     leave out PID             from here on some of that is left out
 *     reconfigure interval=1 ...  another command line, with these settings, is to take the place of the one in force
 *     withdraw                  it is not wanted any more
 *     order                     shows what is decided ahead
 *     cancel                    whatever start is under way, or was asked for, is given up
 *
 * Pids count from 101. Log lines follow as they are; other actions in words, a deadline with the seconds till it.
 */
export function replay(transcript: string): string {
  const stage = new Stage();
  return transcript
    .split(/\n\n+/)
    .map((block) => {
      if (block.startsWith('#')) return block.trimEnd();
      const [commands = ''] = block.split('\n----');
      const seen = commands.split('\n').flatMap((command) => stage.perform(command));
      return [commands, '----', ...seen].join('\n');
    })
    .join('\n\n')
    .concat('\n');
}

class Stage {
  #now = 0;
  #pid = 100;
  #refusal: string | undefined;
  #state: State = initialState(0);
  #settings: Settings = settingsOf([]);
  #candidate: Settings | undefined;

  perform(command: string): string[] {
    const [verb = '', ...words] = command.split(' ');
    switch (verb) {
      case 'settings':
        this.#settings = settingsOf(words);
        return this.#feed({ type: 'settings changed', now: this.#now });
      case 'start':
        return this.#feed({ type: 'deadline', now: this.#now });
      case 'wait':
        return this.#wait(Number(words[0]) * 1000);
      case 'die':
        return this.#feed({ type: 'died', pid: Number(words[0]), status: Number(words[1]), now: this.#now });
      case 'ready':
        return this.#feed({ type: 'ready', pid: Number(words[0]), now: this.#now });
      case 'say':
        return this.#feed({ type: 'said', pid: Number(words[0]), text: words.slice(1).join(' '), now: this.#now });
      case 'leave':
        return this.#feed({ type: 'left out', pid: Number(words[1]), now: this.#now });
      case 'reconfigure':
        this.#candidate ??= settingsOf(words);
        return this.#feed({ type: 'reconfigure', settings: settingsOf(words), now: this.#now });
      case 'withdraw':
        return this.#feed({ type: 'withdrawn', now: this.#now });
      case 'order':
        return [this.#showOrder()];
      case 'cancel':
        return this.#feed({ type: 'cancel', now: this.#now });
      case 'fork':
        this.#refusal = words.slice(1).join(' ');
        return [];
      case 'HUP':
      case 'USR2':
      case 'TERM':
      case 'INT':
      case 'QUIT':
        return this.#feed({ type: 'signal', signal: verb, now: this.#now });
      default:
        throw new Error(`not a command of transcripts: ${command}`);
    }
  }

  #wait(milliseconds: number): string[] {
    const end = this.#now + milliseconds;
    const seen: string[] = [];
    for (let turns = 0; turns < 1000; turns += 1) {
      const due = deadlineOf(this.#state, this.#settings);
      if (due === undefined || due > end) {
        this.#now = end;
        return seen;
      }
      this.#now = Math.max(this.#now, due);
      seen.push(`(at ${String(this.#now / 1000)})`, ...this.#feed({ type: 'deadline', now: this.#now }));
    }
    throw new Error(`a deadline that never moves, at ${String(this.#now)} ms`);
  }

  #feed(event: Event): string[] {
    const { state, actions } = step(this.#state, event, this.#settings);
    this.#state = state;
    return actions.flatMap((action) => this.#show(action));
  }

  #showOrder(): string {
    const order = standingOrder(this.#state, this.#settings);
    if (order === undefined) return '(nothing is forked ahead)';
    const death = order.atDeathOf === undefined ? '' : ` or the death of ${String(order.atDeathOf)}`;
    return `(fork generation ${String(order.generation)} at a HUP${death})`;
  }

  #show(action: Action): string[] {
    switch (action.type) {
      case 'log':
        return [action.line];
      case 'kill':
        return [`[kill ${action.group ? 'the group of ' : ''}${String(action.pid)} with ${String(action.signal)}]`];
      case 'write status':
        return [`[status ${formatStatus(action.workers).trimEnd().split('\n').join(' ')}]`];
      case 'upgrade':
        return ['[upgrade]'];
      case 'exit':
        return [`[exit ${String(action.code)}]`];
      case 'spawn': {
        const by = action.candidate === true ? ' by the new command line' : '';
        return [`[fork generation ${String(action.generation)}${by}]`, ...this.#fork()];
      }
      case 'adopt':
      case 'drop':
        return this.#decide(action.type);
    }
  }

  #decide(what: 'adopt' | 'drop'): string[] {
    if (what === 'adopt') this.#settings = this.#candidate ?? this.#settings;
    this.#candidate = undefined;
    return [`[${what}]`];
  }

  #fork(): string[] {
    const reason = this.#refusal;
    this.#refusal = undefined;
    if (reason !== undefined) return this.#feed({ type: 'fork failed', reason, now: this.#now });
    this.#pid += 1;
    return this.#feed({ type: 'forked', pid: this.#pid, now: this.#now });
  }
}

const numbers: Record<string, number> = { TERM: 15, USR1: 10, QUIT: 3, KILL: 9 };

function settingsOf(words: string[]): Settings {
  const given = new Map(words.map((word) => word.split('=') as [string, string]));
  const duration = (text: string) => ({ text, seconds: Number(text) });
  const signal = (name: string) => ({ name, number: numbers[name] ?? Number(name) });
  const autoRestart = given.get('auto-restart');
  return {
    interval: Number(given.get('interval') ?? 1),
    killOldDelay: duration(given.get('kill-old-delay') ?? '0'),
    autoRestart: autoRestart === undefined ? undefined : duration(autoRestart),
    signalOnHup: signal(given.get('on-hup') ?? 'TERM'),
    signalOnTerm: signal(given.get('on-term') ?? 'TERM'),
    ...optional(given, 'readiness', 'ready', (text) => (text === 'fd' ? 'fd' : 'notify')),
    ...optional(given, 'startTimeout', 'start-timeout', duration),
    ...optional(given, 'stopTimeout', 'stop-timeout', duration),
    ...optional(given, 'maxFailures', 'max-failures', Number),
    ...optional(given, 'maxPause', 'max-pause', Number),
    ...optional(given, 'processGroup', 'process-group', () => true),
  };
}

function optional<Key extends keyof Settings>(
  given: ReadonlyMap<string, string>,
  key: Key,
  name: string,
  read: (text: string) => Settings[Key],
): Partial<Pick<Settings, Key>> {
  const text = given.get(name);
  // One key with its own type of value.
  return text === undefined ? {} : ({ [key]: read(text) } as Pick<Settings, Key>);
}
