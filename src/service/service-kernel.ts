/** The operating system for the loop of one service. */
import type { StandingOrder } from '../core/loop/standing-order.js';
import type { Event, Settings, Worker } from '../core/loop/types.js';
import type { Word } from '../core/loop/worker-words.js';
import type { Priority } from '../core/text/priority.js';
import { addon } from '../system/engine/addon.js';
import { isSystemError } from '../system/engine/system-error.js';
import { now } from '../system/loop/clock.js';
import { turnOfTheLoop, type Inbox } from '../system/loop/inbox.js';
import type { Children } from '../system/processes/children.js';
import { sendSignal } from '../system/processes/process.js';
import type { CommandInForce } from './command-in-force.js';
import type { Kernel } from './kernel.js';
import type { Say } from './say.js';
import { StartedAhead, type Heard } from './started-ahead.js';
import type { Succession } from './succession.js';
import type { WorkerWords } from './worker-words.js';

export interface KernelParts {
  readonly inbox: Inbox;
  readonly children: Children;
  readonly commands: Pick<
    CommandInForce,
    'settings' | 'reload' | 'startWorker' | 'layOut' | 'reopen' | 'takesEndOf' | 'writeStatus' | 'adopt' | 'drop'
  >;
  readonly say: Say;
  readonly words: Pick<WorkerWords, 'take' | 'forget'>;
  /** Undefined where the process is shared with a program. */
  readonly succession?: Pick<Succession, 'begin' | 'takesEndOf' | 'stir' | 'atRest'>;
  /** Called at each turn of the loop, with the time; gives back when it wants to be called again. */
  readonly turn: (now: number) => number;
}

export class ServiceKernel implements Kernel {
  #forked: Event | undefined;
  #words: Word[] = [];
  #hasHeardAll = true;
  readonly #ahead: StartedAhead | undefined;

  constructor(private readonly parts: KernelParts) {
    const { ahead } = parts.children;
    this.#ahead = ahead && new StartedAhead(ahead, parts.commands);
  }

  now(): number {
    return now();
  }

  settings(): Settings {
    return this.parts.commands.settings;
  }

  async nextEvent(deadline: number | undefined, order?: StandingOrder): Promise<Event> {
    this.#ahead?.dismiss();
    const forked = this.#forked;
    this.#forked = undefined;
    if (forked !== undefined) return forked;
    const { inbox, commands, succession } = this.parts;
    await turnOfTheLoop();
    for (;;) {
      if (inbox.takeReopening()) commands.reopen();
      const turn = this.parts.turn(now());
      const event = this.#take(deadline);
      if (event !== undefined) {
        succession?.stir();
        return event;
      }
      if (!this.#hasHeardAll) {
        await turnOfTheLoop();
        continue;
      }
      // From here this process may go on as another image.
      const due = Math.min(deadline ?? Infinity, turn);
      const next = succession?.atRest(due) ?? Infinity;
      this.#ahead?.stand(order);
      await inbox.sleep(Math.min(due, next));
      const answered = this.#ahead?.withdraw(now());
      if (answered !== undefined) return this.#heard(answered);
    }
  }

  spawn(generation: number, isCandidate: boolean): void {
    try {
      const pid = this.parts.commands.startWorker(generation, isCandidate, this.#ahead?.claim(generation));
      this.#forked = { type: 'forked', pid, now: now() };
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#forked = { type: 'fork failed', reason: addon.strerror(error.errno), now: now() };
    }
  }

  kill(pid: number, signal: number, group = false): void {
    sendSignal(group ? -pid : pid, signal);
  }

  log(line: string, priority?: Priority): void {
    this.parts.say(line, priority);
  }

  upgrade(): void {
    this.parts.succession?.begin();
  }

  writeStatus(workers: readonly Worker[]): void {
    this.parts.commands.writeStatus(workers);
  }

  adopt(): void {
    this.parts.commands.adopt();
  }

  drop(): void {
    this.parts.commands.drop();
  }

  /** What was answered before it was taken. */
  #heard(event: Heard): Event {
    this.parts.succession?.stir();
    if (event.type === 'died') this.#forget(event.pid);
    else this.parts.inbox.takeRestart();
    return event;
  }

  #take(deadline: number | undefined): Event | undefined {
    const { inbox } = this.parts;
    const at = now();
    const signal = inbox.takeStop();
    if (signal !== undefined) return { type: 'signal', signal, now: at };
    const told = this.#nextDeath(at) ?? this.#nextWord(at);
    if (told !== undefined) return told;
    const settings = inbox.takeCandidate();
    if (settings !== undefined) return { type: 'reconfigure', settings, now: at };
    if (inbox.takeWithdrawal()) return { type: 'withdrawn', now: at };
    if (inbox.takeCancel()) return { type: 'cancel', now: at };
    if (inbox.takeRestart()) return { type: 'signal', signal: 'HUP', now: at };
    if (inbox.takeUpgrade()) return { type: 'signal', signal: 'USR2', now: at };
    if (inbox.takeSettingsChange()) {
      this.parts.commands.reload();
      inbox.settingsRead(now() - at);
      return { type: 'settings changed', now: at };
    }
    return at >= (deadline ?? Infinity) ? { type: 'deadline', now: at } : undefined;
  }

  /**
   * One end at a time: while it is acted on, the pids of others that have ended must not be given to any new process. The
   * decision ignores pids that are no worker's.
   */
  #nextDeath(at: number): Event | undefined {
    const { children, commands, succession } = this.parts;
    for (let child = children.nextEnded(); child !== undefined; child = children.nextEnded()) {
      const { pid, status } = child;
      this.#forget(pid);
      const isOurs = commands.takesEndOf(pid, status) || succession?.takesEndOf(pid, status) === true;
      if (!isOurs) return { type: 'died', pid, status, now: at };
    }
    return undefined;
  }

  #forget(pid: number): void {
    this.#words = this.#words.filter((word) => word.pid !== pid);
    this.parts.words.forget(pid);
  }

  /**
   * To be called when all ends are known, since a dead worker is not ready. One word is decided on before more is read,
   * since a worker may talk for ever.
   */
  #nextWord(at: number): Event | undefined {
    if (this.#words.length === 0) {
      const { words, isAll } = this.parts.words.take(at);
      this.#words = [...words];
      this.#hasHeardAll = isAll;
    }
    const word = this.#words.shift();
    return word && { ...word, now: at };
  }
}
