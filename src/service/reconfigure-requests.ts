/** Clients of the control socket that have another command line for the service. */
import { relativePaths } from '../core/command-line/command-changes.js';
import { commandToChangeTo, type StartCommand } from '../core/command-line/command.js';
import { parseOptions } from '../core/command-line/option-parser.js';
import type { Answer, ReconfigureRequest } from '../core/report/control-protocol.js';
import { controlMessages } from '../core/text/control-messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { failures } from '../core/text/failures.js';
import { StarterError } from '../core/text/starter-error.js';
import type { ControlPeer } from '../system/control/control-peer.js';
import { bytesOf } from '../system/control/word.js';
import { isOwnDirectory, ownDirectory } from '../system/engine/directory.js';
import { commandSystem, isPosixlyCorrect } from '../system/engine/platform.js';
import { TimeLimit } from '../system/loop/time-limit.js';
import { declined, linesAsError } from './reconfiguration.js';
import type { Asker, Reconfiguration, ReconfigureRefusal } from './reconfiguration.js';

export class ReconfigureRequests {
  readonly #askers = new Map<ControlPeer, Asker>();

  constructor(private readonly reconfiguration: Reconfiguration) {}

  /** The answers follow, the first of them perhaps at once. */
  take(peer: ControlPeer, request: ReconfigureRequest): void {
    try {
      const command = commandIn(request);
      if (request.check) void this.#check(peer, command);
      else this.#ask(peer, command, request.timeout);
    } catch (error) {
      if (!(error instanceof StarterError)) throw error;
      peer.end(answerTo({ code: 'refused', error }));
    }
  }

  /** Where it is gone, a line that nobody reads tells so. */
  silent(peer: ControlPeer): void {
    if (this.#askers.has(peer)) peer.send({ progress: 'waiting' });
  }

  /** Nobody is told any more, and who has asked for it did not wait: it is taken back if it can be. */
  gone(peer: ControlPeer): void {
    const asker = this.#askers.get(peer);
    this.#askers.delete(peer);
    if (asker !== undefined) this.reconfiguration.withdraw(asker, declined('unchanged', controlMessages.withdrawn()));
  }

  async #check(peer: ControlPeer, command: StartCommand): Promise<void> {
    try {
      peer.end({ ok: true, changes: await this.reconfiguration.check(command) });
    } catch (error) {
      if (!(error instanceof StarterError)) throw error;
      peer.end(answerTo({ code: 'refused', error }));
    }
  }

  #ask(peer: ControlPeer, command: StartCommand, timeout: number | undefined): void {
    const limit = new TimeLimit(timeout);
    let isInForce = false;
    const end = (answer: Answer): void => {
      limit.clear();
      this.#askers.delete(peer);
      peer.end(answer);
    };
    const asker: Asker = {
      adopted: () => {
        isInForce = true;
        peer.send({ progress: 'in force' });
      },
      failedStart: (failure) => {
        peer.send({ progress: 'failed start', failure });
      },
      done: ({ generation, pid }) => {
        end({ ok: true, worker: { generation, pid } });
      },
      failed: (refusal) => {
        end(answerTo(refusal));
      },
    };
    this.#askers.set(peer, asker);
    this.reconfiguration.ask(command, asker);
    void limit.over.then(() => {
      if (!isInForce) peer.send({ progress: 'withdrawn' });
      this.reconfiguration.withdraw(asker, tooLate(String(timeout), isInForce));
    });
  }
}

function tooLate(seconds: string, isInForce: boolean): ReconfigureRefusal {
  const say = isInForce ? controlMessages.oldWorkersLeft : controlMessages.reconfigureTimedOut;
  return declined('timed out', say(seconds), exitCodes.timeout.code);
}

/** Throws a StarterError where it is wrong, or means something else where the superdaemon is. */
function commandIn({ words, directory }: ReconfigureRequest): StartCommand {
  const asked = parseOptions(words.map(bytesOf), { posixlyCorrect: isPosixlyCorrect });
  if (asked.errors.length > 0) throw linesAsError(asked.errors, exitCodes.usage.code);
  const command = commandToChangeTo(asked, commandSystem);
  if (!command.ok) throw new StarterError(command.error);
  const elsewhere = isOwnDirectory(bytesOf(directory)) ? [] : relativePaths(command.value);
  if (elsewhere.length === 0) return command.value;
  const own = ownDirectory();
  const lines = elsewhere.map(({ what, path }) => failures.relativeElsewhere(what, path, own));
  throw linesAsError(lines, exitCodes.usage.code);
}

function answerTo({ code, error, failure, serves }: ReconfigureRefusal): Answer {
  return {
    ok: false,
    code,
    error: error.message,
    exitCode: error.exitCode,
    ...(failure === undefined && error.details.length > 0 ? { details: error.details } : {}),
    ...(failure && { failure }),
    ...(serves === undefined ? {} : { serves }),
  };
}
