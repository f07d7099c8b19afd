/** Runs a program under the superdaemon until it is told to stop. */
import type { StartCommand } from '../core/command-line/command.js';
import type { Options } from '../core/command-line/option-table.js';
import { EveryChild, reapEnded } from '../system/processes/children.js';
import type { DaemonReport } from '../system/processes/daemon.js';
import { readInheritance } from '../system/processes/inheritance.js';
import { ProcessOutput } from '../system/output/output.js';
import { takeAllSignals } from '../system/signals/own-signals.js';
import { openDirectoryWarnings } from '../service/exposed-directories.js';
import { Service } from '../service/service.js';

/** Milliseconds after which nobody waits for the first worker any more. */
const calmAfter = 200;

export interface Circumstances {
  /** Where this process is the daemon that another one has started. */
  readonly report?: DaemonReport | undefined;
  /** Called when the first worker has had the time to start. */
  readonly whenCalm?: () => void;
}

/** Gives the exit code; what keeps the service from starting is a StarterError, and nothing is left behind then. */
export async function start(
  command: StartCommand,
  options: Options,
  { report, whenCalm }: Circumstances,
): Promise<number> {
  const inheritance = readInheritance();
  const children = new EveryChild();
  const service = new Service(command, options, {
    pid: report?.foreground ?? process.pid,
    inheritance,
    isDaemon: report !== undefined,
    children,
    output: new ProcessOutput(),
    forked: () => report?.tellStanding(),
    listenForInput: () => () => undefined, // with all other signals
  });
  takeAllSignals(service, inheritance.blockedSignals);
  try {
    await service.open();
    for (const line of openDirectoryWarnings(command)) service.say(line);
    if (whenCalm !== undefined) service.kernel.later(calmAfter, whenCalm);
    return await service.run();
  } finally {
    service.close();
    reapEnded(children);
  }
}
