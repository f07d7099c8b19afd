import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparable, type Numbering } from './given.js';
import type { Names } from './naming.js';
import { parseDump } from '../processes/probe.js';

/** What an observer sees of a run, with names for pids, ports and the directory. */
export interface Observation {
  outcome: unknown;
  /** What other commands ended with, in the order in which they were given. */
  commands: unknown[];
  stdout: string;
  /** Compared only where the log is elsewhere. */
  stderr: string;
  log: string[];
  /** What workers have said that could not run the program; how often they said it depends on when the end came. */
  told: string[];
  /** What the directory held, and which processes lived, at each look; the last look is after the end. */
  moments: unknown[];
  /** By worker, the signals it got and how it left. */
  events: Record<string, string[]>;
  /** By worker, its arguments, environment, descriptors and so on. */
  given: Record<string, unknown>;
}

/** The files that probes write, which are seen in `events` and `given`. */
export const probeOptions = ['-o', '{cwd}/.dump.%p', '-e', '{cwd}/.events'];

export function eventsIn(directory: string, names: Names, of: ReadonlySet<string>): Record<string, string[]> {
  const path = join(directory, '.events');
  const found: Record<string, string[]> = {};
  for (const line of existsSync(path) ? readFileSync(path, 'latin1').split('\n').slice(0, -1) : []) {
    const [, pid = '', event = ''] = /^\d+ pid=(\d+) (.*)$/.exec(line) ?? [];
    (found[names.of(pid)] ??= []).push(names.inLog(event));
  }
  return only(found, of);
}

export function givenIn(
  directory: string,
  names: Names,
  of: ReadonlySet<string>,
  numbering: Numbering,
): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  // The draft of a dump has another ending.
  for (const file of readdirSync(directory).filter((name) => /^\.dump\.\d+$/.test(name))) {
    const name = names.of(file.slice('.dump.'.length));
    // A process that is no worker is a logger.
    if (of.has(name) || name.startsWith('X'))
      found[name] = comparable(parseDump(readFileSync(join(directory, file), 'latin1')), names, numbering);
  }
  return found;
}

function only<T>(found: Record<string, T>, of: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(found).filter(([name]) => of.has(name)));
}
