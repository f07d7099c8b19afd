import { controlMessages, type PidFileMessages } from '../core/text/control-messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { parsePid } from '../core/report/pid-text.js';
import { StarterError } from '../core/text/starter-error.js';
import { ForeignPidFile } from '../system/files/foreign-pid-file.js';
import { hasPidNamespaces } from '../system/engine/platform.js';
import { OtherProcess, wait } from '../system/processes/process.js';
import { attempt, type ExitCodeOf, type Wording } from './attempt.js';

/** A superdaemon, ours or Perl's or Go's, and the pid file that it was found by. */
export interface Superdaemon {
  readonly process: OtherProcess;
  readonly file: ForeignPidFile;
  /** What the file said. */
  readonly line: string;
}

/** For how long a superdaemon that has locked its file may take to write its pid, in steps of ten milliseconds. */
const patience = 50;

/**
 * Finds the superdaemon of a pid file. The file is believed only while its lock is held, as every start_server holds it,
 * and held by the process that it names: a superdaemon that is just starting may have locked the file of a dead one, and
 * anybody who can read the file may lock it. The lock may be free only if the file was removed since we opened it: then
 * its superdaemon is about to be gone. Anything else is a StarterError.
 */
export async function findSuperdaemon(
  path: string,
  mode: 'r' | 'r+',
  exitCodeOf: ExitCodeOf,
  messages: PidFileMessages = controlMessages,
): Promise<Superdaemon> {
  const sayCannotOpen: Wording = (reason, _, code) => messages.cannotOpen(path, reason, code);
  const file = attempt(() => ForeignPidFile.open(path, mode), sayCannotOpen, exitCodeOf);
  for (let step = 0; ; step += 1) {
    const line = attempt(() => file.firstLine(), sayCannotOpen);
    const pid = parsePid(line);
    const found = pid === undefined ? undefined : { process: new OtherProcess(pid), file, line };
    if (isFree(file)) {
      if (found !== undefined && file.isRemoved) return found;
      throw notRunning(messages.notRunning(path, line));
    }
    const isHeld = found !== undefined && isHeldBy(found);
    if (found !== undefined && isHeld === true) return found;
    if (step === patience) {
      throw notRunning(isHeld === undefined ? messages.notTold(path, line) : messages.notNamed(path, line));
    }
    await wait(10);
  }
}

/** Where the system tells who has a file locked, another command that just looks is not taken for the superdaemon. */
function isFree(file: ForeignPidFile): boolean {
  return hasPidNamespaces ? file.isFree() : file.isFreeBesideLooks();
}

/**
 * Undefined where it cannot be told: in another pid namespace the pid may be another process's, and a signal would reach
 * that one. A system without such namespaces, as macOS, has no /proc either; there a process that lives is believed.
 */
function isHeldBy({ process, file }: Omit<Superdaemon, 'line'>): boolean | undefined {
  return file.isHeldBy(process) ?? (hasPidNamespaces ? undefined : process.isAlive());
}

function notRunning(message: string): StarterError {
  return new StarterError({ message, exitCode: exitCodes.usage.code });
}
