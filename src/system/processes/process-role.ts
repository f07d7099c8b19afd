/** What a process is to the sockets that it holds, as far as that shows from outside. */
import { basename } from 'node:path';
import { procOfOurPids } from './proc.js';
import { readBeginning } from '../engine/read-beginning.js';

/** A start_server of any make; what starts services and keeps their sockets; or any other program. */
export type Role = 'superdaemon' | 'service manager' | 'program';

/** Of a title or an environment, more is not read. */
const longest = 2 ** 16;

/**
 * `children` are those processes that it has forked which hold its sockets. By its name, or by what it gives to its
 * children: a superdaemon gives each a generation which it does not have itself.
 */
export function roleOf(pid: number, children: readonly number[]): Role {
  const name = nameOf(pid);
  if (name === 'systemd') return 'service manager';
  if (name === 'start_server' || isSuperdaemonCommand(fileOf(pid, 'cmdline'))) return 'superdaemon';
  const own = generationIn(fileOf(pid, 'environ'));
  if (own === undefined) return 'program';
  const given = children.map((child) => generationIn(fileOf(child, 'environ')));
  return given.some((generation) => isGiven(generation) && generation !== own) ? 'superdaemon' : 'program';
}

/** As `ps` and `killall` have it, '' where it is not told; for node, which names its threads since 24, the program. */
export function nameOf(pid: number): string {
  const name = fileOf(pid, 'comm').replace(/\n$/, '');
  return name.endsWith('MainThread') ? basename(fileOf(pid, 'cmdline').split('\0', 1)[0] ?? '') : name;
}

function isGiven(generation: string | undefined): boolean {
  return generation !== undefined && generation !== '';
}

/**
 * Whether /proc/PID/cmdline is that of a start_server: itself, or the script of an interpreter, whose options may come
 * first. A shell that starts one over and over has the name further behind.
 */
export function isSuperdaemonCommand(cmdline: string): boolean {
  const [program = '', ...words] = cmdline.split('\0');
  const script = words.find((word) => !word.startsWith('-')) ?? '';
  return [program, script].some((word) => /^start_server(?:\.cjs)?$/.test(basename(word)));
}

/**
 * The generation that a program was started with, '' for none. Undefined where the environment cannot be read, or where the
 * program has written its title over it: then it does not begin with a variable.
 */
export function generationIn(environ: string): string | undefined {
  if (!/^[A-Za-z_]\w*=/.test(environ)) return undefined;
  return /(?:^|\0)SERVER_STARTER_GENERATION=([^\0]*)/.exec(environ)?.[1] ?? '';
}

function fileOf(pid: number, file: 'comm' | 'cmdline' | 'environ'): string {
  const directory = procOfOurPids();
  try {
    return directory === undefined ? '' : readBeginning(`${directory}/${String(pid)}/${file}`, longest);
  } catch {
    return ''; // another user's, or it has ended
  }
}
