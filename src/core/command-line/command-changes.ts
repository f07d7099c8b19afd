/** What another command line would change in a superdaemon that runs, and what it cannot. */
import { failures } from '../text/failures.js';
import { shellWords } from '../text/shell-words.js';
import { isSameAddress } from './address.js';
import type { StartCommand } from './command.js';
import type { CommandParts, GivenOption } from './command-words.js';
import type { PathAccess } from './path-access.js';
import type { ListenerSpec } from './port-spec.js';

/** A socket that is open: how it was asked for, and its port, also where the system has chosen it. */
export interface HeldSocket {
  readonly spec: ListenerSpec;
  readonly port: number;
}

/** For each socket that is asked for the open one that is the same, and the open ones that nobody asks for. */
export interface ListenerMatch<T> {
  readonly wanted: readonly { readonly spec: ListenerSpec; readonly held: T | undefined }[];
  readonly gone: readonly T[];
}

/**
 * Compares by kind, address and port, or by path, which is relative to `directory`. Host names have been looked up. One that
 * the system has chosen the port of is asked for by 0 or by that port.
 */
export function matchListeners<T extends HeldSocket>(
  open: readonly T[],
  wanted: readonly ListenerSpec[],
  directory: string,
): ListenerMatch<T> {
  const left = [...open];
  const found = wanted.map((spec) => {
    const at = left.findIndex((one) => isSame(one, spec, directory));
    return { spec, held: at < 0 ? undefined : left.splice(at, 1)[0] };
  });
  return { wanted: found, gone: left };
}

function isSame({ spec, port }: HeldSocket, wanted: ListenerSpec, directory: string): boolean {
  if (spec.kind === 'unix' || wanted.kind === 'unix') {
    if (spec.kind !== wanted.kind) return false;
    return absolute(keyOrPath(spec), directory) === absolute(keyOrPath(wanted), directory);
  }
  const isPlace =
    spec.kind === wanted.kind && spec.family === wanted.family && isSameAddress(spec.address, wanted.address);
  return isPlace && (wanted.port === spec.port || wanted.port === port);
}

function keyOrPath(spec: ListenerSpec): string {
  return spec.kind === 'unix' ? spec.path : spec.key;
}

/** Without `.` and empty parts. What `..` means, only the system knows. */
function absolute(path: string, directory: string): string {
  const parts = (path.startsWith('/') ? path : `${directory}/${path}`).split('/');
  return `/${parts.filter((part) => part !== '' && part !== '.').join('/')}`;
}

/** Why the one cannot take the place of the other: a line for each option. `directory` is that of the superdaemon. */
export function unchangeable(inForce: StartCommand, wanted: StartCommand, directory: string): string[] {
  const path = (text: string | undefined) => text && absolute(text, directory);
  const keepsFiles = pathsOf(inForce).some((one) => pathsOf(wanted).map(path).includes(path(one)));
  const isOther = {
    '--pid-file': path(inForce.pidFile) !== path(wanted.pidFile),
    '--control': path(inForce.control) !== path(wanted.control),
    '--daemonize': inForce.daemonize !== wanted.daemonize,
    // These belong to the process, not to its program.
    '--hibernate': inForce.hibernate !== wanted.hibernate,
    '--systemd': inForce.systemd !== wanted.systemd,
    '--listen-fds': inForce.listenFds !== wanted.listenFds,
    // What was to be taken over was taken at the start; to leave it out then is right.
    '--take-over': wanted.takeOver !== undefined && !isEqual(inForce.takeOver, wanted.takeOver),
    // The file of a socket that both have stays as it was made.
    '--path-mode': keepsFiles && inForce.pathAccess.mode !== wanted.pathAccess.mode,
    '--path-owner': keepsFiles && !isSameOwner(inForce.pathAccess, wanted.pathAccess),
    // What the output was before is closed.
    '--log-file': inForce.log !== undefined && wanted.log === undefined,
  };
  return Object.entries(isOther).flatMap(([option, differs]) =>
    differs ? [failures.cannotChange(option, typed(option, inForce))] : [],
  );
}

function pathsOf({ listeners }: StartCommand): string[] {
  return listeners.specs.flatMap((spec) => (spec.kind === 'unix' ? spec.path : []));
}

function isSameOwner(one: PathAccess, other: PathAccess): boolean {
  return one.user === other.user && one.group === other.group;
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The option as it is in force, undefined where it is not given. */
function typed(option: string, { given }: StartCommand): string | undefined {
  const found = given.find((one) => one.option === option);
  const value = found?.values[0];
  return found && (value === undefined ? option : `${option}=${shellWords([value])}`);
}

/** What of a command line depends on the directory where it is typed: options, and the program itself. */
export function relativePaths({ given, directory, program, log }: StartCommand): { what: string; path: string }[] {
  const named = given
    .filter(({ option }) => pathOptions.includes(option) && !(option === '--log-file' && log?.type === 'logger'))
    .flatMap(({ option, values }) => values.map((path) => ({ what: option, path })))
    .filter(({ path }) => path !== '');
  const [file] = program;
  // From --dir on it does not depend on the directory of the caller.
  const own = directory === undefined && file.includes('/') ? [{ what: 'the program', path: file }] : [];
  return [...named, ...own].filter(({ path }) => !path.startsWith('/'));
}

const pathOptions = ['--path', '--dir', '--envdir', '--log-file', '--pid-file', '--status-file', '--control'];

/** What another command line says else about one option, or about the program. */
export interface CommandChange {
  /** Undefined for the program and its arguments. */
  readonly option?: string;
  /** The value, several of them or none for a flag; absent where the option is not given. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
}

/** Sockets are compared by themselves. */
export function commandChanges(before: CommandParts, after: CommandParts): CommandChange[] {
  const names = new Set([...before.given, ...after.given].map(({ option }) => option));
  const options = [...names]
    .filter((option) => option !== '--port' && option !== '--path')
    .map((option) => ({ option, ...sides(valuesOf(before.given, option), valuesOf(after.given, option)) }));
  return [...options, sides(before.program, after.program)].filter((change) => !isEqual(change.before, change.after));
}

function sides(before: readonly string[] | undefined, after: readonly string[] | undefined) {
  return { ...(before && { before }), ...(after && { after }) };
}

function valuesOf(given: readonly GivenOption[], name: string): readonly string[] | undefined {
  return given.find(({ option }) => option === name)?.values;
}
