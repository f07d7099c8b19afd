/** Two options of a command line that name one file: found before anything is opened, so that none destroys what the other has. */
import type { StartCommand } from '../core/command-line/command.js';
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import {
  isBearable,
  namedFiles,
  sharedFiles,
  sharingFailure,
  type LocatedFile,
  type SharedFile,
} from '../core/command-line/shared-files.js';
import { failures } from '../core/text/failures.js';
import { StarterError } from '../core/text/starter-error.js';
import { whereabouts } from '../system/files/whereabouts.js';
import type { Findings } from './findings.js';

/** Throws a StarterError. `inForce`: what the command line is to follow; a start bears some of it, as the original does. */
export function refuseSharedFiles(command: StartCommand, inForce?: StartCommand): void {
  for (const shared of sharedIn(command, inForce)) if (!isBorne(shared, inForce)) refuse(shared);
}

/** The same before that is tried; gives the paths of which nothing more has to be said. What would be borne is a warning. */
export async function lookAtSharedFiles(
  findings: Findings,
  command: StartCommand,
  inForce?: StartCommand,
): Promise<ReadonlySet<string>> {
  const refused = new Set<string>();
  for (const shared of sharedIn(command, inForce)) {
    const { one, other } = shared;
    if (isBorne(shared, inForce)) findings.say(failures.sharedFileKept(one, other), 'warning');
    else {
      refused.add(one.path).add(other.path);
      await findings.part(() => {
        refuse(shared);
      });
    }
  }
  return refused;
}

/** Those of which `lookAtSharedFiles` has said nothing. */
export function unshared(specs: readonly ListenerSpec[], shared: ReadonlySet<string>): readonly ListenerSpec[] {
  return specs.filter((spec) => spec.kind !== 'unix' || !shared.has(spec.path));
}

function sharedIn(command: StartCommand, inForce: StartCommand | undefined): SharedFile[] {
  return sharedFiles(located(command), inForce && located(inForce));
}

function isBorne(shared: SharedFile, inForce: StartCommand | undefined): boolean {
  return inForce === undefined && isBearable(shared);
}

/** The log and the pid file are opened through links, while a link is replaced where a socket or the status file is to be. */
function located(command: StartCommand): LocatedFile[] {
  return namedFiles(command).map((file) => {
    const isFollowed = file.option === '--log-file' || file.option === '--pid-file';
    return { ...file, at: whereabouts(file.path, isFollowed) };
  });
}

function refuse(shared: SharedFile): never {
  throw new StarterError(sharingFailure(shared));
}
