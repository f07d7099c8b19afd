/** What a process is to the sockets that it holds, as far as that shows from outside. */
import { basename } from 'node:path';
import { procOfOurPids } from './proc.js';
import { readBeginning } from '../engine/read-beginning.js';

/** A start_server of any make; a program that starts services and keeps their sockets; or any other program. */
export type Role = 'superdaemon' | 'service manager' | 'program';

/** How much of a title or an environment is read. */
const longest = 2 ** 16;

/**
 * The role shows by the name of the process, or by its `children`, those which hold its sockets: a superdaemon gives each
 * of them a generation that it does not have itself.
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

/** The name that `ps` and `killall` know, '' where it is hidden; for node, which names its main thread, the program's. */
export function nameOf(pid: number): string {
  const name = fileOf(pid, 'comm').replace(/\n$/, '');
  return name.endsWith('MainThread') ? basename(fileOf(pid, 'cmdline').split('\0', 1)[0] ?? '') : name;
}

function isGiven(generation: string | undefined): boolean {
  return generation !== undefined && generation !== '';
}

/**
 * Whether /proc/PID/cmdline is that of a start_server: its first word, or an interpreter's script after its options. In
 * the command line of a shell that starts one over and over, the name comes later.
 */
export function isSuperdaemonCommand(cmdline: string): boolean {
  const [program = '', ...words] = cmdline.split('\0');
  const script = words.find((word) => !word.startsWith('-')) ?? '';
  return [program, script].some((word) => /^start_server(?:\.cjs)?$/.test(basename(word)));
}

/**
 * The generation that a program was started with, '' for none. Undefined where the text does not begin with a variable:
 * the program has written its title over its environment.
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
