/** The log of a run, as `--log-file` has it, with the messages about it. */
import { failures } from '../core/failures.js';
import { parseLogTarget } from '../core/log-target.js';
import { messages } from '../core/messages.js';
import { StarterError } from '../core/starter-error.js';
import { LogFile } from '../system/log-file.js';
import { Logger, type LoggerProgram } from '../system/logger.js';
import type { Output } from '../system/output.js';
import { brokenPipe } from '../system/platform.js';
import type { PosixKernel } from '../system/posix-kernel.js';
import { isSystemError } from '../system/system-error.js';
import { attempt, reasonOf } from './attempt.js';

export interface Log {
  /** One line. */
  write(line: string): void;
  /** From here on the output of superdaemon and workers goes to the log. */
  redirect(): void;
  /** After a rotation: opens the file anew. Says so in the log, and gives back why where it was refused. */
  reopen(): string | undefined;
  /** Whether the child that ended was the logger, which is then started again. */
  takesEndOf(pid: number, status: number, kernel: PosixKernel): boolean;
  /** A logger gets its end of file. */
  close(): void;
}

/** A logger that dies again within this many milliseconds is started again only after as many. */
const loggerPace = 1000;

/** Opens the file or starts the logger; that it cannot be done is a StarterError. */
export function openLog(value: string | undefined, program: Omit<LoggerProgram, 'args'>): Log {
  const { output } = program;
  if (value === undefined) return unredirected(output);
  const target = parseLogTarget(value);
  if (target.type === 'file') return fileLog(target.path, output);
  if (target.args.length === 0) {
    throw new StarterError({ message: failures.cannotOpenPipe(value, 'Broken pipe'), exitCode: brokenPipe });
  }
  const logger = attempt(
    () => new Logger({ ...program, args: target.args }),
    (reason) => failures.cannotOpenPipe(value, reason),
  );
  return loggerLog(logger, output);
}

/** Without --log-file the output stays where it is. */
function unredirected(output: Output): Log {
  return {
    write: (line) => {
      output.write(line);
    },
    redirect: () => undefined,
    reopen: () => undefined,
    takesEndOf: () => false,
    close: () => {
      output.close();
    },
  };
}

function fileLog(path: string, output: Output): Log {
  const say = (reason: string) => messages.logRefused(path, reason);
  const file = attempt(() => new LogFile(path, output), say);
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
        const refusal = say(reasonOf(error));
        output.write(refusal);
        return refusal;
      }
    },
  };
}

function loggerLog(logger: Logger, output: Output): Log {
  let startedAt = -Infinity;
  let isClosed = false;
  const restart = (kernel: PosixKernel): void => {
    if (isClosed) return;
    startedAt = kernel.now();
    try {
      logger.restart();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      kernel.later(loggerPace, () => {
        restart(kernel);
      });
    }
  };
  return {
    ...unredirected(output),
    redirect: () => {
      logger.redirect();
    },
    takesEndOf: (pid, status, kernel) => {
      if (pid !== logger.pid) return false;
      output.write(messages.loggerDied(pid, status));
      const pause = kernel.now() - startedAt < loggerPace ? loggerPace : 0;
      kernel.later(pause, () => {
        restart(kernel);
      });
      return true;
    },
    close: () => {
      isClosed = true;
      logger.close();
      output.close();
    },
  };
}
