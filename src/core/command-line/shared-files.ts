/** Options that name one and the same file: a socket and the pid file, or the status file and the log. */
import { exitCodes, type Failure } from '../text/exit-codes.js';
import { failures } from '../text/failures.js';
import type { StartCommand } from './command.js';

export interface NamedFile {
  readonly option: '--log-file' | '--pid-file' | '--status-file' | '--control' | '--path';
  readonly path: string;
}

/** `at`: where it is, as the system sees it, so that two of these are one file or are not. */
export interface LocatedFile extends NamedFile {
  readonly at: string;
}

/** A file that is asked for, and what has it before. */
export interface SharedFile {
  readonly one: NamedFile;
  readonly other: NamedFile;
  /** Whether that is said by the command line in force, and not by the new one. */
  readonly isInForce: boolean;
}

/** The files that a command line names, in the order in which a start opens them. */
export function namedFiles({ log, pidFile, statusFile, control, listeners }: StartCommand): NamedFile[] {
  const named = (option: NamedFile['option'], path: string | undefined): NamedFile[] =>
    path === undefined ? [] : [{ option, path }];
  return [
    ...named('--log-file', log?.type === 'file' ? log.path : undefined),
    ...named('--pid-file', pidFile),
    ...named('--status-file', statusFile),
    ...named('--control', control),
    ...listeners.specs.flatMap((spec) => named('--path', spec.kind === 'unix' ? spec.path : undefined)),
  ];
}

/**
 * Each file that has another one's place. `inForce`: those of the command line that this one is to follow; an option that
 * keeps its file is no trouble.
 */
export function sharedFiles(wanted: readonly LocatedFile[], inForce: readonly LocatedFile[] = []): SharedFile[] {
  return wanted.flatMap((one, index): SharedFile[] => {
    const isHere = (file: LocatedFile) => file.at === one.at;
    const isTypedTwice = (file: LocatedFile) => file.option === one.option && file.path === one.path;
    const other = wanted.slice(0, index).find((file) => isHere(file) && !isTypedTwice(file));
    if (other !== undefined) return [{ one, other, isInForce: false }];
    const before = inForce.filter(isHere);
    const former = before.find((file) => !wanted.some(({ option, at }) => option === file.option && at === file.at));
    const isKept = before.some(({ option }) => option === one.option);
    return former === undefined || isKept ? [] : [{ one, other: former, isInForce: true }];
  });
}

/**
 * Whether a start goes on all the same: the original writes over such files without a word, and some command line of its time
 * may live with that. A status file that has the place of a socket is not written.
 */
export function isBearable({ one, other }: SharedFile): boolean {
  const sockets = [one, other].filter(({ option }) => option === '--control' || option === '--path');
  const options = [one.option, other.option];
  return sockets.length === 0 || (options.includes('--status-file') && !options.includes('--control'));
}

/** That it cannot be. The same `--path` twice has the original's exit code for a path that is not valid. */
export function sharingFailure({ one, other, isInForce }: SharedFile): Failure {
  const arePaths = one.option === '--path' && other.option === '--path';
  const { code } = arePaths ? exitCodes.unable : exitCodes.usage;
  return { message: failures.sharedFile(one, other, isInForce), exitCode: code };
}
