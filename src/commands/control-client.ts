/** Asking a superdaemon at its control socket, or through its files. */
import type { Target } from '../core/command-line/control-command.js';
import { controlMessages } from '../core/text/control-messages.js';
import { parseAnswer } from '../core/report/answers.js';
import type { Answer, FollowedEvent, Refusal, Request } from '../core/report/control-protocol.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { StarterError } from '../core/text/starter-error.js';
import { indented } from '../core/report/status-table.js';
import type { SystemError } from '../system/engine/addon.js';
import { ControlConnection } from '../system/control/control-connection.js';
import { permissionDenied } from '../system/engine/platform.js';
import { wait } from '../system/processes/process.js';
import { isSystemError } from '../system/engine/system-error.js';
import { TimeLimit } from '../system/loop/time-limit.js';
import { reasonOf } from '../service/attempt.js';
import { isAbsence, noneRuns } from './none-runs.js';

/** For how long a socket may have no room for another client, in steps of ten milliseconds. */
const patience = 50;

/** The ways in which a command can be carried out. */
export interface Ways<Files, T> {
  readonly control: (client: ControlClient, path: string) => Promise<T>;
  readonly files: (files: Files) => Promise<T>;
}

/** At the control socket or, where nobody answers there or has time for us, through the files if they are given. */
export async function carryOut<Files, T>(place: Target<Files>, request: Request, ways: Ways<Files, T>): Promise<T> {
  if (place.control === undefined) return ways.files(place.files);
  try {
    return await carryOutAt(place.control, request, ways.control);
  } catch (error) {
    if (place.files === undefined || !(error instanceof OutOfReach)) throw error;
    return ways.files(place.files);
  }
}

async function carryOutAt<T>(
  path: string,
  request: Request,
  act: (client: ControlClient, path: string) => Promise<T>,
): Promise<T> {
  const client = await ControlClient.ask(path, request);
  try {
    return await act(client, path);
  } finally {
    client.close();
  }
}

/** Nobody answers at the control socket, or has time for us, so nothing was done. */
class OutOfReach extends StarterError {}

export class ControlClient {
  private constructor(
    private readonly connection: ControlConnection,
    private readonly path: string,
    private readonly request: Request,
  ) {}

  /** Connects and sends the request; throws a StarterError where that cannot be done. */
  static async ask(path: string, request: Request): Promise<ControlClient> {
    for (let step = 0; ; step += 1) {
      try {
        const connection = await ControlConnection.open(path);
        connection.send(JSON.stringify(request));
        return new ControlClient(connection, path, request);
      } catch (error) {
        if (!isSystemError(error)) throw error;
        if (error.code !== 'EAGAIN' || step === patience) throw cannotConnect(path, error);
        await wait(10);
      }
    }
  }

  /** The next answer; undefined when the time is over. An end without an answer, and a refusal, are StarterErrors. */
  async next(limit: TimeLimit): Promise<Exclude<Answer, Refusal> | undefined> {
    const answer = await this.#heard(limit);
    if (answer === 'closed') throw failed(controlMessages.noAnswer(), exitCodes.usage.code);
    return answer === 'nothing' ? undefined : answer;
  }

  /** The events that a follower is told, until the other side closes. An end without an answer, and a refusal, are StarterErrors. */
  async *events(): AsyncGenerator<FollowedEvent> {
    const never = new TimeLimit(undefined);
    await this.next(never);
    for (;;) {
      const answer = await this.#heard(never);
      if (typeof answer === 'string') return;
      if ('event' in answer) yield answer;
    }
  }

  /** Waits until the other side has closed, or the time is over. */
  async ended(limit: TimeLimit): Promise<void> {
    let heard;
    do heard = await this.connection.next(limit);
    while (typeof heard === 'object');
  }

  /** What only a newer superdaemon tells, which it does beside its answer, is passed over. */
  async #heard(limit: TimeLimit): Promise<Exclude<Answer, Refusal> | 'closed' | 'nothing'> {
    for (;;) {
      const heard = await this.connection.next(limit);
      if (typeof heard === 'string') return heard;
      const answer = parseAnswer(heard.line, this.request);
      if (answer === undefined) throw failed(controlMessages.notControl(this.path), exitCodes.usage.code);
      if (answer === 'unknown') continue;
      if ('ok' in answer && !answer.ok) throw refusal(answer);
      return answer;
    }
  }

  close(): void {
    this.connection.close();
  }
}

function cannotConnect(path: string, error: SystemError): StarterError {
  const message = controlMessages.cannotConnect(path, reasonOf(error), error.code);
  const failure = { message, exitCode: noneRuns(error) };
  const isOutOfReach = isAbsence(error) || error.code === 'EAGAIN';
  return new (isOutOfReach ? OutOfReach : StarterError)(failure, error);
}

function refusal({ code, error, failure, exitCode = exitCodes.usage.code, details }: Refusal): StarterError {
  switch (code) {
    case 'failed':
      return failed(error, exitCodes.failedStart.code, failure?.output);
    case 'denied':
      return failed(error, permissionDenied);
    case 'busy':
      return new OutOfReach({ message: error, exitCode: exitCodes.usage.code });
    default:
      return new StarterError({ message: error, exitCode }, undefined, details);
  }
}

function failed(message: string, exitCode: number, output: readonly string[] = []): StarterError {
  return new StarterError({ message, exitCode }, undefined, indented(output));
}
