/** Running a service in a process that is nothing but a superdaemon. */
import type { StartCommand } from '../core/command-line/command.js';
import type { Calling } from '../core/handover/document.js';
import type { ManagerEnvironment } from '../core/manager/manager-environment.js';
import { StarterError } from '../core/text/starter-error.js';
import type { Surroundings } from '../service/surroundings.js';
import { Closing } from '../service/closing.js';
import { Hibernation, type Bed } from '../service/hibernation.js';
import type { Service } from '../service/service.js';
import { Succession } from '../service/succession.js';
import { tellFailedStart } from '../service/under-manager.js';
import { Installation } from '../system/handover/installation.js';
import { Inbox } from '../system/loop/inbox.js';
import type { ProcessOutput } from '../system/output/output.js';
import { EveryChild, reapEnded } from '../system/processes/children.js';
import type { DaemonReport } from '../system/processes/daemon.js';
import type { Inheritance } from '../system/processes/inheritance.js';
import { takeAllSignals, wakingSignals } from '../system/signals/own-signals.js';

/** After so many milliseconds nobody waits for the first worker any more. */
const calmAfter = 200;

export interface OwnProcess {
  readonly command: StartCommand;
  readonly calling: Calling;
  readonly inheritance: Inheritance;
  /** What the service manager has told, where there is one that is to be told what happens. */
  readonly manager: ManagerEnvironment | undefined;
  readonly output: ProcessOutput;
  readonly isDaemon: boolean;
  /** A daemon's report to the process in the foreground. */
  readonly report: DaemonReport | undefined;
  /** What it wakes from when it has slept; undefined for one that never sleeps. */
  readonly bed: Bed | undefined;
  /** Called when the first worker has had the time to start. */
  readonly whenCalm?: () => void;
}

/** Brings a service to life, runs it, and gives the exit code; what keeps it from starting leaves nothing behind. */
export async function runService(
  own: OwnProcess,
  bringToLife: (command: StartCommand, surroundings: Surroundings) => Promise<Service>,
): Promise<number> {
  const { command, inheritance, manager, report, isDaemon, output, whenCalm } = own;
  const children = new EveryChild();
  const inbox = new Inbox();
  const closing = new Closing();
  takeAllSignals(inbox, inheritance.blockedSignals);
  try {
    const hibernation = hibernationFor(own);
    const succession = new Succession({ ...own, children, inbox, hibernation });
    closing.holdLast(succession);
    const service = await bringToLife(command, {
      pid: report?.foreground ?? process.pid,
      inheritance,
      manager,
      isDaemon,
      children,
      output,
      inbox,
      closing,
      forked: () => report?.tellStanding(),
      listenForInput: () => () => undefined, // the inbox is told with all other signals
      succession,
    });
    succession.attach(service);
    if (whenCalm !== undefined) inbox.later(calmAfter, whenCalm);
    return await service.run();
  } catch (error) {
    if (manager !== undefined && error instanceof StarterError) tellFailedStart(manager, error.message);
    throw error;
  } finally {
    closing.close();
    reapEnded(children);
  }
}

/** With --hibernate. Throws what the system refuses, and ENOENT for a file that is missing. */
export function openBed({ hibernate: after }: StartCommand, { calledAs }: Calling): Bed | undefined {
  return after === undefined ? undefined : { after, installation: Installation.open(calledAs), isWoken: false };
}

function hibernationFor({ inheritance, bed }: OwnProcess): Hibernation | undefined {
  return bed && new Hibernation({ ...bed, signals: wakingSignals(inheritance.blockedSignals) });
}
