/** From one command line to another while the program runs: one at a time, and whole or not at all. */
import { unchangeable } from '../core/command-line/command-changes.js';
import type { StartCommand } from '../core/command-line/command.js';
import type { State } from '../core/loop/state.js';
import type { Step } from '../core/loop/step.js';
import type { Event, ToldWorker } from '../core/loop/types.js';
import type { ChangeReport, ErrorCode } from '../core/report/control-protocol.js';
import {
  advanceReconfiguration,
  offered,
  type ReconfigureTicket,
  type ReconfigureVerdict,
} from '../core/report/reconfigure-ticket.js';
import type { FailureReport } from '../core/report/status-report.js';
import { failureInWords } from '../core/report/status-table.js';
import { controlMessages } from '../core/text/control-messages.js';
import { exitCodes, type Failure } from '../core/text/exit-codes.js';
import { failures } from '../core/text/failures.js';
import { StarterError } from '../core/text/starter-error.js';
import { ownDirectory } from '../system/engine/directory.js';
import { isSystemError } from '../system/engine/system-error.js';
import type { Inbox } from '../system/loop/inbox.js';
import { errnoOf, reasonOf } from './attempt.js';
import type { CommandInForce } from './command-in-force.js';
import type { Candidate } from './equipment.js';
import type { FailureMemory } from './failure-memory.js';
import type { TakeOver } from './take-over.js';

export interface ReconfigurationParts {
  readonly commands: Pick<CommandInForce, 'inForce' | 'take' | 'discard'>;
  /** Undefined when a stop signal came first; throws a StarterError. */
  readonly open: (command: StartCommand) => Promise<Candidate | undefined>;
  /** What it would mean for the sockets; throws a StarterError. */
  readonly compare: (command: StartCommand) => Promise<ChangeReport>;
  readonly failures: Pick<FailureMemory, 'last'>;
  readonly inbox: Pick<Inbox, 'offerCandidate' | 'withdrawCandidate'>;
  readonly takeOver: Pick<TakeOver, 'isUnderWay'>;
}

/** Who has asked for another command line, and is told what becomes of it: at the end `done` or `failed`. */
export interface Asker {
  /** It is in force, and there is no way back; workers of the former one are about to end. */
  adopted(): void;
  /** It is in force, and one of its workers has failed. */
  failedStart(failure: FailureReport): void;
  done(worker: ToldWorker): void;
  failed(refusal: ReconfigureRefusal): void;
}

/** Why a command line is not in force, or why not with one worker alone. */
export interface ReconfigureRefusal {
  readonly code: ErrorCode;
  /** What is said, and what a command ends with; its details are what the worker has said. */
  readonly error: StarterError;
  readonly failure?: FailureReport;
  /** Whether a worker is left. */
  readonly serves?: boolean;
}

interface Current {
  readonly asker: Asker;
  ticket: ReconfigureTicket;
  /** The loop has it; before that its files and sockets are being opened. */
  isOffered: boolean;
  /** What is said once it has been taken back. */
  withdrawn?: ReconfigureRefusal;
}

export class Reconfiguration {
  #hasBegun = false;
  #checks = 0;
  #current: Current | undefined;
  /** They are in force, and their askers wait for the end of the old workers. */
  readonly #adopted = new Set<Current>();

  constructor(private readonly parts: ReconfigurationParts) {}

  /** Everything that the first command line needs is open. */
  begin(): void {
    this.#hasBegun = true;
  }

  /** Whether somebody waits to be told what becomes of a command line, or what it would mean. */
  get isUnderWay(): boolean {
    return this.#current !== undefined || this.#adopted.size > 0 || this.#checks > 0;
  }

  /** Tries another command line. Of what is refused at once the asker is told before this returns. */
  ask(command: StartCommand, asker: Asker): void {
    const refusal = this.#refusalOf(command);
    if (refusal !== undefined) {
      asker.failed(refusal);
      return;
    }
    const current: Current = { asker, ticket: offered, isOffered: false };
    this.#current = current;
    void this.#open(current, command);
  }

  /** What would change; throws a StarterError. */
  async check(command: StartCommand): Promise<ChangeReport> {
    const refusal = this.#notYet() ?? this.#cannotChange(command);
    if (refusal !== undefined) throw refusal.error;
    this.#checks += 1;
    try {
      return await this.parts.compare(command);
    } catch (error) {
      throw asStarterError(error);
    } finally {
      this.#checks -= 1;
    }
  }

  /** Has it taken back if that can be done still; the asker is told `why` when everything is as it was. */
  withdraw(asker: Asker, why: ReconfigureRefusal): void {
    const [adopted] = [...this.#adopted].filter((one) => one.asker === asker);
    if (adopted !== undefined) this.#finish(adopted, why);
    const current = this.#current;
    if (current?.asker !== asker || current.withdrawn !== undefined) return;
    current.withdrawn = why;
    if (current.isOffered) this.parts.inbox.withdrawCandidate();
  }

  /** Whether one was given up of which the loop does not know yet; the loop gives up the other by itself. */
  cancel(why: ReconfigureRefusal): boolean {
    const current = this.#current;
    if (current === undefined || current.withdrawn !== undefined) return false;
    current.withdrawn = why;
    return !current.isOffered;
  }

  /** To be told of every decision when it has been carried out. */
  observe(before: State, event: Event, decision: Step): void {
    for (const one of this.#adopted) this.#advance(one, before, event, decision);
    if (this.#current?.isOffered === true) this.#advance(this.#current, before, event, decision);
  }

  #advance(current: Current, before: State, event: Event, decision: Step): void {
    const wasAdopted = current.ticket.isAdopted;
    const { ticket, failure, verdict } = advanceReconfiguration(current.ticket, before, event, decision);
    current.ticket = ticket;
    if (ticket.isAdopted && !wasAdopted) {
      this.#current = undefined;
      this.#adopted.add(current);
      current.asker.adopted();
    }
    const report = failure && this.parts.failures.last?.report;
    if (verdict === undefined) {
      if (ticket.isAdopted && report !== undefined) current.asker.failedStart(report);
      return;
    }
    if (verdict.type === 'done') {
      this.#adopted.delete(current);
      current.asker.done(verdict.worker);
    } else this.#finish(current, this.#refusalBy(verdict, current));
  }

  /** The run has ended: nobody is left waiting. */
  close(): void {
    const waiting = [...this.#adopted, ...(this.#current === undefined ? [] : [this.#current])];
    for (const one of waiting) this.#finish(one, ending());
  }

  async #open(current: Current, command: StartCommand): Promise<void> {
    try {
      const candidate = await this.parts.open(command);
      const isWanted = this.#current === current && current.withdrawn === undefined;
      if (candidate !== undefined && isWanted) this.#offer(current, candidate);
      else {
        if (candidate !== undefined) this.parts.commands.discard(candidate);
        this.#finish(current, current.withdrawn ?? ending());
      }
    } catch (error) {
      this.#finish(current, { code: 'refused', error: asStarterError(error) });
    }
  }

  #offer(current: Current, candidate: Candidate): void {
    current.isOffered = true;
    this.parts.commands.take(candidate);
    this.parts.inbox.offerCandidate(candidate.program.settings);
  }

  /** Tells it once. */
  #finish(current: Current, refusal: ReconfigureRefusal): void {
    if (this.#current !== current && !this.#adopted.has(current)) return;
    this.#current = this.#current === current ? undefined : this.#current;
    this.#adopted.delete(current);
    current.asker.failed(refusal);
  }

  #refusalOf(command: StartCommand): ReconfigureRefusal | undefined {
    const isTaken = this.#current !== undefined;
    return (
      this.#notYet() ??
      (isTaken ? declined('busy', controlMessages.isReconfiguring()) : undefined) ??
      this.#cannotChange(command)
    );
  }

  #notYet(): ReconfigureRefusal | undefined {
    if (!this.#hasBegun) return declined('busy', controlMessages.isStarting());
    return this.parts.takeOver.isUnderWay ? declined('busy', controlMessages.isTakingOver()) : undefined;
  }

  #cannotChange(command: StartCommand): ReconfigureRefusal | undefined {
    const lines = unchangeable(this.parts.commands.inForce.command, command, ownDirectory());
    return lines.length === 0 ? undefined : { code: 'refused', error: linesAsError(lines, exitCodes.usage.code) };
  }

  #refusalBy(verdict: Exclude<ReconfigureVerdict, { type: 'done' }>, { withdrawn }: Current): ReconfigureRefusal {
    switch (verdict.type) {
      case 'ending':
        return ending();
      case 'withdrawn':
        return withdrawn ?? declined('unchanged', controlMessages.withdrawn());
      case 'failed': {
        const { serves, isInForce } = verdict;
        const failure = verdict.failure && this.parts.failures.last?.report;
        const why = failure === undefined ? controlMessages.noStart() : failureInWords(failure);
        const message = (isInForce ? controlMessages.restartFailed : controlMessages.reconfigureFailed)(why, serves);
        const error = new StarterError({ message, exitCode: exitCodes.failedStart.code }, undefined, failure?.output);
        return { code: 'failed', error, serves, ...(failure && { failure }) };
      }
    }
  }
}

/** Several lines that say what is wrong. */
export function linesAsError(lines: readonly string[], exitCode: number): StarterError {
  const [message = '', ...details] = lines;
  return new StarterError({ message, exitCode }, undefined, details);
}

export function declined(code: ErrorCode, message: string, exitCode: Failure['exitCode'] = 1): ReconfigureRefusal {
  return { code, error: new StarterError({ message, exitCode }) };
}

function ending(): ReconfigureRefusal {
  return declined('stopping', controlMessages.isStopping());
}

function asStarterError(error: unknown): StarterError {
  if (error instanceof StarterError) return error;
  const [reason, exitCode] = isSystemError(error)
    ? [reasonOf(error), errnoOf(error)]
    : [String(error), exitCodes.internal.code];
  return new StarterError({ message: failures.cannotOpenCandidate(reason), exitCode }, error);
}
