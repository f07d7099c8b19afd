/** The operating system for the loop of one service. */
import type { Event, Settings, Worker } from '../core/loop/types.js';
import type { Word } from '../core/loop/worker-words.js';
import { addon } from '../system/engine/addon.js';
import { isSystemError } from '../system/engine/system-error.js';
import { now } from '../system/loop/clock.js';
import { turnOfTheLoop, type Inbox } from '../system/loop/inbox.js';
import type { Children } from '../system/processes/children.js';
import { sendSignal } from '../system/processes/process.js';
import type { CommandInForce } from './command-in-force.js';
import type { Kernel } from './kernel.js';
import type { Say } from './say.js';
import type { WorkerWords } from './worker-words.js';

export interface KernelParts {
  readonly inbox: Inbox;
  readonly children: Children;
  readonly commands: Pick<
    CommandInForce,
    'settings' | 'reload' | 'startWorker' | 'reopen' | 'takesEndOf' | 'writeStatus' | 'adopt' | 'drop'
  >;
  readonly say: Say;
  readonly words: Pick<WorkerWords, 'take' | 'forget'>;
}

export class ServiceKernel implements Kernel {
  #forked: Event | undefined;
  #words: Word[] = [];
  #hasHeardAll = true;

  constructor(private readonly parts: KernelParts) {}

  now(): number {
    return now();
  }

  settings(): Settings {
    return this.parts.commands.settings;
  }

  async nextEvent(deadline: number | undefined): Promise<Event> {
    const forked = this.#forked;
    this.#forked = undefined;
    if (forked !== undefined) return forked;
    for (;;) {
      await turnOfTheLoop();
      if (this.parts.inbox.takeReopening()) this.parts.commands.reopen();
      const event = this.#take(deadline);
      if (event !== undefined) return event;
      if (this.#hasHeardAll) await this.parts.inbox.sleep(deadline ?? Infinity);
    }
  }

  spawn(generation: number, isCandidate: boolean): void {
    try {
      const pid = this.parts.commands.startWorker(generation, isCandidate);
      this.#forked = { type: 'forked', pid, now: now() };
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#forked = { type: 'fork failed', reason: addon.strerror(error.errno), now: now() };
    }
  }

  kill(pid: number, signal: number, group = false): void {
    sendSignal(group ? -pid : pid, signal);
  }

  log(line: string): void {
    this.parts.say(line);
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
    if (inbox.takeRestart()) return { type: 'signal', signal: 'HUP', now: at };
    if (inbox.takeSettingsChange()) {
      this.parts.commands.reload();
      inbox.settingsRead(now() - at);
      return { type: 'settings changed', now: at };
    }
    return at >= (deadline ?? Infinity) ? { type: 'deadline', now: at } : undefined;
  }

  /**
   * One at a time: while an end is acted on, the pids of those behind it must not be given to anybody. The state machine
   * knows its own.
   */
  #nextDeath(at: number): Event | undefined {
    const { children, commands, words } = this.parts;
    for (let child = children.nextEnded(); child !== undefined; child = children.nextEnded()) {
      const { pid, status } = child;
      this.#words = this.#words.filter((word) => word.pid !== pid);
      words.forget(pid);
      if (!commands.takesEndOf(pid, status)) return { type: 'died', pid, status, now: at };
    }
    return undefined;
  }

  /**
   * Asked for when all ends are known: the dead are not ready. Nothing is read ahead of what is decided, since a worker may
   * talk for ever.
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
