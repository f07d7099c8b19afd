/** Runs a program under the superdaemon until it is told to stop. */
import type { StartCommand } from '../core/command-line/command.js';
import { Closing } from '../service/closing.js';
import { openService } from '../service/open-service.js';
import { Inbox } from '../system/loop/inbox.js';
import { ProcessOutput } from '../system/output/output.js';
import { EveryChild, reapEnded } from '../system/processes/children.js';
import type { DaemonReport } from '../system/processes/daemon.js';
import { readInheritance } from '../system/processes/inheritance.js';
import { takeAllSignals } from '../system/signals/own-signals.js';

/** Milliseconds after which nobody waits for the first worker any more. */
const calmAfter = 200;

/** How this process has come to be the superdaemon. */
export interface Origin {
  /** Where it is the daemon that another one has started. */
  readonly report?: DaemonReport | undefined;
  /** Called when the first worker has had the time to start. */
  readonly whenCalm?: () => void;
}

/** Gives the exit code; what keeps the service from starting is a StarterError, and nothing is left behind then. */
export async function start(command: StartCommand, { report, whenCalm }: Origin): Promise<number> {
  const inheritance = readInheritance();
  const children = new EveryChild();
  const inbox = new Inbox();
  const closing = new Closing();
  takeAllSignals(inbox, inheritance.blockedSignals);
  try {
    const service = await openService(command, {
      pid: report?.foreground ?? process.pid,
      inheritance,
      isDaemon: report !== undefined,
      children,
      output: new ProcessOutput(),
      inbox,
      closing,
      forked: () => report?.tellStanding(),
      listenForInput: () => () => undefined, // with all other signals
    });
    if (whenCalm !== undefined) inbox.later(calmAfter, whenCalm);
    return await service.run();
  } finally {
    closing.close();
    reapEnded(children);
  }
}
