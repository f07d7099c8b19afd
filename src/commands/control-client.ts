/** Asking a superdaemon at its control socket. */
import type { Reach } from '../core/control-command.js';
import { controlMessages } from '../core/control-messages.js';
import { parseAnswer, type Answer, type Refusal, type Request } from '../core/control-protocol.js';
import { exitCodes } from '../core/exit-codes.js';
import { StarterError } from '../core/starter-error.js';
import { indented } from '../core/status-table.js';
import { ControlConnection } from '../system/control-connection.js';
import { permissionDenied } from '../system/platform.js';
import { isSystemError } from '../system/system-error.js';
import type { TimeLimit } from '../system/time-limit.js';
import { refused } from './attempt.js';
import { isAbsence, noneRuns } from './none-runs.js';

export class ControlClient {
  private constructor(
    private readonly connection: ControlConnection,
    private readonly path: string,
  ) {}

  /**
   * Connects and sends the request. Undefined where no control socket was given, or where none is there and files may be
   * asked instead; what else is in the way is a StarterError.
   */
  static async ask({ control, files }: Reach<unknown>, request: Request): Promise<ControlClient | undefined> {
    if (control === undefined) return undefined;
    try {
      const connection = await ControlConnection.open(control);
      connection.send(JSON.stringify(request));
      return new ControlClient(connection, control);
    } catch (error) {
      if (isSystemError(error) && isAbsence(error) && files !== undefined) return undefined;
      throw refused(error, (reason, _, code) => controlMessages.cannotConnect(control, reason, code), noneRuns);
    }
  }

  /** The next answer; undefined when the time is over. An end without an answer, and a refusal, are StarterErrors. */
  async next(limit: TimeLimit): Promise<Exclude<Answer, Refusal> | undefined> {
    const line = await limit.within(this.connection.next().then((found) => ({ found })));
    if (line === undefined) return undefined;
    if (line.found === undefined) throw failed(controlMessages.noAnswer(), exitCodes.usage.code);
    const answer = parseAnswer(line.found);
    if (answer === undefined) throw failed(controlMessages.notControl(this.path), exitCodes.usage.code);
    if ('ok' in answer && !answer.ok) throw refusal(answer);
    return answer;
  }

  /** Waits until the other side has closed, or the time is over. */
  async ended(limit: TimeLimit): Promise<void> {
    await limit.within(this.connection.next());
  }

  close(): void {
    this.connection.close();
  }
}

function refusal({ code, error, failure }: Refusal): StarterError {
  switch (code) {
    case 'failed':
      return failed(error, exitCodes.failedStart.code, failure?.output);
    case 'denied':
      return failed(error, permissionDenied);
    default:
      return failed(error, exitCodes.usage.code);
  }
}

function failed(message: string, exitCode: number, output: readonly string[] = []): StarterError {
  return new StarterError({ message, exitCode }, undefined, indented(output));
}
