/** The log of a run, as `--log-file` has it, with the messages about it. */
import type { LoggerPart } from '../core/handover/document.js';
import { failures } from '../core/text/failures.js';
import type { LogTarget } from '../core/command-line/log-target.js';
import { messages } from '../core/loop/messages.js';
import type { Priority } from '../core/text/priority.js';
import { StarterError } from '../core/text/starter-error.js';
import type { Keep } from '../system/engine/keep.js';
import { LogFile } from '../system/output/log-file.js';
import { Logger, type LoggerProgram } from '../system/output/logger.js';
import type { Output } from '../system/output/output.js';
import { brokenPipe } from '../system/engine/platform.js';
import { now } from '../system/loop/clock.js';
import type { Inbox } from '../system/loop/inbox.js';
import { wait } from '../system/processes/process.js';
import { isSystemError } from '../system/engine/system-error.js';
import { attempt, reasonOf, refused } from './attempt.js';

export interface Log {
  /** One line; gives back how it was written. */
  write(line: string, priority?: Priority): string;
  /** From here on the output of superdaemon and workers goes to the log. */
  redirect(): void;
  /** After a rotation: opens the file anew. Says so in the log, and gives back why where it was refused. */
  reopen(): string | undefined;
  /** What workers have for their output: also while that of the superdaemon goes elsewhere. */
  readonly descriptors: Output['descriptors'];
  /** Whether the child that ended was the logger, which is then started again. */
  takesEndOf(pid: number, status: number): boolean;
  /** The logger that reads it, where there is one. */
  handOver(keep: Keep): LoggerPart | undefined;
  /** Lets a logger find the end of its input. */
  close(): void;
}

/** A logger that dies within so many milliseconds of its start is started again only after as many. */
const loggerPace = 1000;

/** A named pipe without a reader is tried again every so many milliseconds. */
const pipePace = 10;

/**
 * Opens the file or starts the logger; throws a StarterError where that cannot be done. As in the original, the start waits
 * for the reader of a named pipe; but a stop signal ends that.
 */
export async function openLog(
  target: LogTarget | undefined,
  program: Omit<LoggerProgram, 'args'>,
  inbox: Inbox,
): Promise<Log> {
  const { output } = program;
  if (target === undefined) return unredirected(output);
  if (target.type === 'file') {
    const file = await openRead(target.path, output, inbox.stopRequested);
    return file === undefined ? unredirected(output) : fileLog(target.path, file, output);
  }
  const logger = withLogger(target, (args) => Logger.start({ ...program, args }));
  return loggerLog(logger, output, inbox);
}

/** Throws what `openLog` would throw, and opens nothing. `environment` is that of the logger. */
export function lookAtLog(target: LogTarget | undefined, environment: readonly string[]): void {
  if (target?.type === 'logger')
    withLogger(target, (args) => {
      Logger.look({ args, environment });
    });
  if (target?.type === 'file')
    attempt(
      () => {
        LogFile.look(target.path);
      },
      (reason) => messages.logRefused(target.path, reason),
    );
}

function withLogger<T>({ text, args }: Extract<LogTarget, { type: 'logger' }>, act: (args: readonly string[]) => T): T {
  if (args.length === 0)
    throw new StarterError({ message: failures.cannotOpenPipe(text, 'Broken pipe'), exitCode: brokenPipe });
  return attempt(
    () => act(args),
    (reason) => failures.cannotOpenPipe(text, reason),
  );
}

/** Goes on with the log of the image before, to which all output goes already. */
export function takeUpLog(
  target: LogTarget | undefined,
  program: Omit<LoggerProgram, 'args'>,
  inbox: Inbox,
  part: LoggerPart | undefined,
): Log {
  const { output } = program;
  if (target?.type === 'file') return fileLog(target.path, LogFile.takeUp(target.path, output), output);
  if (target === undefined || part === undefined) return unredirected(output);
  return loggerLog(Logger.takeUp({ ...program, args: target.args }, part), output, inbox);
}

/** Without --log-file the output stays where it is. */
function unredirected(output: Output): Log {
  return {
    write: (line, priority) => output.write(line, priority),
    redirect: () => undefined,
    reopen: () => undefined,
    get descriptors() {
      return output.descriptors;
    },
    takesEndOf: () => false,
    handOver: () => undefined,
    close: () => undefined,
  };
}

/** Those of the output, once that goes to the log. */
function descriptorsOf({ descriptor }: LogFile | Logger, output: Output): Output['descriptors'] {
  return descriptor === undefined ? output.descriptors : [1, 2].map((standard) => [descriptor, standard] as const);
}

/** Undefined when a stop signal came before a reader of the named pipe. */
async function openRead(path: string, output: Output, stopped: Promise<void>): Promise<LogFile | undefined> {
  for (let isStopped = false; !isStopped;) {
    try {
      return LogFile.open(path, output);
    } catch (error) {
      if (!LogFile.isUnread(path, error)) throw refused(error, (reason) => messages.logRefused(path, reason));
    }
    isStopped = await Promise.race([wait(pipePace).then(() => false), stopped.then(() => true)]);
  }
  return undefined;
}

function fileLog(path: string, file: LogFile, output: Output): Log {
  return {
    ...unredirected(output),
    redirect: () => {
      file.redirect();
    },
    reopen: () => {
      try {
        file.reopen();
        output.write(messages.logReopened());
        return undefined;
      } catch (error) {
        if (!isSystemError(error)) throw error;
        const refusal = messages.logRefused(path, reasonOf(error));
        output.write(refusal, 'warning');
        return refusal;
      }
    },
    get descriptors() {
      return descriptorsOf(file, output);
    },
    close: () => {
      file.close();
    },
  };
}

function loggerLog(logger: Logger, output: Output, inbox: Inbox): Log {
  let startedAt = -Infinity;
  let isClosed = false;
  const restart = (): void => {
    if (isClosed) return;
    startedAt = now();
    try {
      logger.restart();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      inbox.later(loggerPace, restart);
    }
  };
  if (!logger.isRunning) inbox.later(loggerPace, restart);
  return {
    ...unredirected(output),
    redirect: () => {
      logger.redirect();
    },
    handOver: (keep) => logger.handOver(keep),
    takesEndOf: (pid, status) => {
      if (!logger.takesEndOf(pid)) return false;
      output.write(messages.loggerDied(pid, status), 'warning');
      const pause = now() - startedAt < loggerPace ? loggerPace : 0;
      inbox.later(pause, restart);
      return true;
    },
    get descriptors() {
      return descriptorsOf(logger, output);
    },
    close: () => {
      isClosed = true;
      logger.close();
    },
  };
}
