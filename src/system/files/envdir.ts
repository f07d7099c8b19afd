/** A directory whose files are variables: the name of a file names the variable, its first line is the value. */
import { lstatSync, readdirSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { SystemError } from '../engine/addon.js';
import { bytes } from '../engine/bytes.js';
import { readBeginning } from '../engine/read-beginning.js';
import { isExhaustion, isSystemError } from '../engine/system-error.js';

/** Only the superdaemon sets these; in the original, a file of that name kept the generation from ever changing. */
const reserved = new Set(['SERVER_STARTER_PORT', 'SERVER_STARTER_GENERATION']);

/** Linux takes 128 KiB for a variable; a longer value is kept long enough for the exec to fail as in the original. */
const longestValue = 2 ** 18;

/** Linux takes 6 MiB for an environment; a larger one is kept up to a size at which the exec fails as in the original. */
const longestEnvironment = 2 ** 23;

/**
 * The variables in a directory, read as the original does: hidden names are skipped, an empty file sets nothing, a blank
 * first line sets the empty text, blanks and carriage returns stay, a NUL ends the value. Whatever cannot be read, the
 * directory too, sets nothing, and a named pipe does not either: the original waits for one without end. `refused` is told
 * of what should be readable. Throws while the system has no descriptor or no memory left to read it with: a worker
 * without its configuration would be worse than one with that of a moment ago.
 */
export function readEnvdir(directory: string, refused: Refused = () => undefined): Map<string, string> {
  const variables = new Map<string, string>();
  let length = 0;
  for (const name of namesIn(directory, refused)) {
    if (name.startsWith('.') || reserved.has(name)) continue;
    const value = firstLine(`${directory}/${name}`, refused);
    if (value === undefined) continue;
    variables.set(name, value);
    length += name.length + value.length;
    if (length > longestEnvironment) break;
  }
  return variables;
}

type Refused = (path: string, error: SystemError) => void;

function namesIn(directory: string, refused: Refused): string[] {
  if (directory === '') return [];
  try {
    return readdirSync(bytes(directory), 'latin1');
  } catch (error) {
    if (isExhaustion(error)) throw error;
    if (isSystemError(error)) refused(directory, error);
    return []; // it may appear later
  }
}

function firstLine(path: string, refused: Refused): string | undefined {
  try {
    const text = readBeginning(path, longestValue, (part) => /[\0\n]/.test(part));
    return text === '' ? undefined : text.split('\n', 1)[0]?.split('\0', 1)[0];
  } catch (error) {
    if (isExhaustion(error)) throw error;
    // Any other error means a dangling link, or a directory.
    if (isSystemError(error) && error.code === 'EACCES') refused(path, error);
    return undefined;
  }
}

/** After so many changes beside a directory it is assumed to have changed, too. */
const mostOfNoConcern = 100;

/**
 * Tells of the first change in a directory, even in one that appears or is replaced later, without any periodic wake-up.
 * Further changes are seen by the next reading, after which `watch` is called again: libuv reads on for as long as there
 * are changes, so whoever makes them without end would keep the loop from everything else.
 */
export class EnvdirWatch {
  #watchers: FSWatcher[] = [];
  #paths: string[] = [];
  #ofNoConcern = 0;
  #hasTold = false;

  constructor(private readonly onChange: () => void) {}

  /**
   * Watches this directory anew, since another one of the same name may have taken its place, and no other. Its parent, in
   * which a log may be written all the time, is watched only while the directory is missing, or is a link.
   */
  watch(directory: string | undefined): void {
    this.close();
    this.#ofNoConcern = 0;
    this.#hasTold = false;
    if (directory === undefined || directory === '') return;
    const isWatched = this.#add(directory, () => true);
    if (!isWatched || isLink(directory)) this.#add(dirname(directory), (name) => name === basename(directory));
  }

  /** The directories that are watched. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  /** Whether a change was told since `watch` was called: then nothing is watched any more. */
  get hasTold(): boolean {
    return this.#hasTold;
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
    this.#paths = [];
  }

  /** False when the path cannot be watched. */
  #add(path: string, concerns: (name: string | null) => boolean): boolean {
    try {
      const watcher = watch(bytes(path), { persistent: false, encoding: 'latin1' }, (_, name) => {
        if (!concerns(name) && (this.#ofNoConcern += 1) < mostOfNoConcern) return;
        this.close();
        this.#hasTold = true;
        this.onChange();
      });
      watcher.on('error', () => {
        watcher.close(); // the directory is gone, and that was told as a change
      });
      this.#watchers.push(watcher);
      this.#paths.push(path);
      return true;
    } catch {
      return false; // not there, or no watch is left; without one, changes are seen before the next fork
    }
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(bytes(path), { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch {
    return false; // about to be removed
  }
}
