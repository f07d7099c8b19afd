/** The log of a run, as `--log-file` has it, with the messages about it. */
import { parseLogTarget } from '../core/log-target.js';
import { messages } from '../core/messages.js';
import { StarterError } from '../core/starter-error.js';
import { addon } from '../system/addon.js';
import { LogFile } from '../system/log-file.js';
import { Logger, type LoggerProgram } from '../system/logger.js';
import { brokenPipe } from '../system/platform.js';
import type { PosixKernel } from '../system/posix-kernel.js';
import { writeLine } from '../system/stdio.js';
import { isSystemError } from '../system/system-error.js';
import { attempt } from './attempt.js';

export interface Log {
  /** From here on the output of superdaemon and workers goes to the log. */
  redirect(): void;
  /** After a rotation: opens the file anew. */
  reopen(): void;
  /** Whether the child that ended was the logger, which is then started again. */
  takesEndOf(pid: number, status: number, kernel: PosixKernel): boolean;
}

/** A logger that dies again within this many milliseconds is started again only after as many. */
const loggerPace = 1000;

/** Opens the file or starts the logger; that it cannot be done is a StarterError. */
export function openLog(value: string | undefined, program: Omit<LoggerProgram, 'args'>): Log {
  if (value === undefined) return standardError;
  const target = parseLogTarget(value);
  if (target.type === 'file') return fileLog(target.path);
  if (target.args.length === 0) {
    throw new StarterError({ message: `failed to open pipe:${value}: Broken pipe`, exitCode: brokenPipe });
  }
  const logger = attempt(
    () => new Logger({ ...program, args: target.args }),
    (reason) => `failed to open pipe:${value}: ${reason}`,
  );
  return loggerLog(logger);
}

/** Without --log-file the output stays where it is. */
const standardError: Log = {
  redirect: () => undefined,
  reopen: () => undefined,
  takesEndOf: () => false,
};

function fileLog(path: string): Log {
  const say = (reason: string) => messages.logRefused(path, reason);
  const file = attempt(() => new LogFile(path), say);
  return {
    ...standardError,
    redirect: () => {
      file.redirect();
    },
    reopen: () => {
      try {
        file.reopen();
        writeLine(messages.logReopened());
      } catch (error) {
        if (!isSystemError(error)) throw error;
        writeLine(say(addon.strerror(error.errno)));
      }
    },
  };
}

function loggerLog(logger: Logger): Log {
  let startedAt = -Infinity;
  const restart = (kernel: PosixKernel): void => {
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
    ...standardError,
    redirect: () => {
      logger.redirect();
    },
    takesEndOf: (pid, status, kernel) => {
      if (pid !== logger.pid) return false;
      writeLine(messages.loggerDied(pid, status));
      const pause = kernel.now() - startedAt < loggerPace ? loggerPace : 0;
      kernel.later(pause, () => {
        restart(kernel);
      });
      return true;
    },
  };
}
