/** Runs a program under the superdaemon until it is told to stop. */
import type { StartCommand } from '../core/command-line/command.js';
import { failures } from '../core/text/failures.js';
import { attempt } from '../service/attempt.js';
import { openService } from '../service/open-service.js';
import { underManager, withoutManager } from '../service/under-manager.js';
import { calledAs, rawArguments } from '../system/engine/arguments.js';
import { isPosixlyCorrect } from '../system/engine/platform.js';
import { ProcessOutput } from '../system/output/output.js';
import type { DaemonReport } from '../system/processes/daemon.js';
import { readInheritance } from '../system/processes/inheritance.js';
import { openBed, runService } from './own-process.js';

/** How this process has come to be the superdaemon. */
export interface Origin {
  /** Given where this process is the daemon that a process in the foreground has started. */
  readonly report?: DaemonReport | undefined;
  /** Called when the first worker has had the time to start. */
  readonly whenCalm?: () => void;
}

/** Gives the exit code; what keeps the service from starting is a StarterError, and nothing is left behind then. */
export function start(command: StartCommand, { report, whenCalm }: Origin): Promise<number> {
  const calling = { calledAs: calledAs(), words: rawArguments(), posixlyCorrect: isPosixlyCorrect };
  const inherited = readInheritance();
  const ours = [process.pid, ...(report === undefined ? [] : [report.foreground])];
  const { manager, inheritance } = command.systemd ? underManager(inherited, ours) : withoutManager(inherited);
  return runService(
    {
      command,
      calling,
      inheritance,
      manager,
      output: new ProcessOutput(),
      isDaemon: report !== undefined,
      report,
      bed: attempt(() => openBed(command, calling), failures.cannotHibernate),
      ...(whenCalm && { whenCalm }),
    },
    openService,
  );
}
