/**
 * Why a command cannot do what it was asked for: one line each, with the reason, the value and, behind a `;`, the way
 * out. Where the original has a line for it, ours begins with its words, which operators' scripts look for.
 */
import { changeFailures } from './change-failures.js';
import { quoted } from './quoted.js';
import { sharedFileFailures } from './shared-file-failures.js';
import type { Fault } from './faults.js';

/** A code of node's own errors, such as `EACCES`; the remedy depends on it. */
type ErrorCode = string;

/** A process that has an address which was asked for. */
export interface AddressHolder {
  readonly pid: number;
  /** As `ps` shows it. */
  readonly name: string;
  /** Whether it is this very process. */
  readonly isOurs: boolean;
}

/** An option whose value looks like the next option. */
export interface Swallowed {
  /** As it was typed, perhaps abbreviated, and as it is called. */
  readonly typed: string;
  readonly option: string;
  readonly value: string;
  /** A command that was perhaps meant. */
  readonly meant?: string | undefined;
}

/** Why a file is not opened though the system would: another user may have put it there. */
export const unsafeReasons = {
  pipe: 'it is a named pipe of another user',
  'foreign link': 'it is a link that another user has made',
  'open directory': 'it is a link in a directory that other users may write to',
  'many links': 'it is a link to a link to a link, or changes all the time',
  'second name': 'it is one of several names of a file, in a directory that other users may write to',
  'no file': 'it is no regular file',
} as const;

export const failures = {
  // The command line, as Perl's Getopt::Long tells it.
  /** `meant` is an option that is much like it. */
  unknownOption: (name: string, meant?: string) =>
    `Unknown option: ${name}; ${meant === undefined ? '' : `did you mean ${meant}? `}start_server --help lists the options`,
  ambiguousOption: (name: string, names: readonly string[]) =>
    `Option ${name} is ambiguous (${names.join(', ')}); type more of the one you mean`,
  missingName: (prefix: string) => `Missing option after ${prefix}; start_server --help lists the options`,
  missingArgument: (name: string, meant?: string) =>
    `Option ${name} requires an argument; write it as --${name}=VALUE${meant === undefined ? '' : `, or did you mean ${meant}?`}`,
  unwantedArgument: (name: string) => `Option ${name} does not take an argument; write --${name} alone`,
  noNumber: (text: string, name: string) =>
    `Value "${text}" invalid for option ${name} (number expected); give a whole number, as in --${name}=5`,
  /** The original leaves it at "Unknown option: o", which helps nobody whose program has an option `-o`. */
  strayOption: (word: string, program: string) =>
    `if ${quoted(word)} is meant for the program, put -- before the program: ` +
    `start_server [options] -- ${/^[\w./@%+:,-]+$/.test(program) ? program : quoted(program)} ...`,

  // What options ask for together.
  restartNeedsFiles: () => '--restart option requires --pid-file and --status-file to be set as well',
  stopNeedsFile: () => '--stop option requires --pid-file to be set as well',
  showStatusNeedsFiles: () =>
    '--show-status option requires --control, or --pid-file and --status-file to be set as well',
  noMode: (mode: string) => `--path-mode: ${quoted(mode)} is no mode; give three octal digits, as 0660`,
  noOwner: (owner: string) => `--path-owner: ${quoted(owner)} names nobody; give USER, USER:GROUP or :GROUP`,
  unknownOwner: (kind: 'user' | 'group', name: string, reason: string) =>
    `--path-owner: no ${kind} ${quoted(name)} is known: ${reason}; give another name, or a number`,
  cannotHibernate: (reason: string) =>
    `--hibernate is not possible here: ${reason}; it needs Linux, and the files that superdaemon is installed with`,
  followNeedsControl: () => '--follow option requires --control to be set as well',
  cancelNeedsControl: () => '--cancel option requires --control to be set as well',
  upgradeNeedsControl: () => '--upgrade option requires --control to be set as well',
  /** `places`: what the option can be given with; undefined for a command, which is given alone. */
  onlyWith: (option: string, places: string | undefined) =>
    `${option} makes no sense here; give it ${places === undefined ? 'alone' : `with ${places}`}`,
  ...changeFailures,
  ...sharedFileFailures,
  /** Scripts look for this line, so it is misspelt as in the original. */
  daemonNeedsLog: () => 'Usage: --log-file option must be specified together with --deamonize',
  noProgram: () => 'server program not specified; give it after --, as in start_server [options] -- ./app',
  /**
   * No program is left: an option took the next option for its value. `meant`: a command whose name has the typed one
   * in it.
   */
  swallowed: ({ typed, option, value, meant }: Swallowed) =>
    `server program not specified; ${typed}${typed === option ? '' : ` is ${option}, and`} took ${quoted(value)} for its value` +
    (meant === undefined ? `, write it as ${option}=VALUE` : `, did you mean ${meant}?`),
  tooLow: (option: string, text: string, lowest: number) =>
    `${option}: "${text}" is too low; give a number from ${String(lowest)} up`,
  unknownWord: (option: string, text: string, words: readonly string[]) =>
    `${option}: ${quoted(text)} is unknown; give ${words.slice(0, -1).join(', ')} or ${String(words.at(-1))}`,
  noNotifySocket: (reason: string) => `--ready: no socket for notify: ${reason}; give interval or fd`,
  ofOption: (option: string, failure: string) => `${option}: ${failure}`,
  unknownSignal: (text: string, highest: number) =>
    `unknown signal ${quoted(text)}; give a name such as TERM or USR1, or a number from 1 to ${String(highest)}`,

  // Ports and paths.
  invalidPort: (text: string, fault?: Fault) =>
    `invalid \`\`port'' value:${text}${fault === undefined ? '' : `: ${fault.reason}`}; ` +
    (fault?.remedy ?? 'give PORT, HOST:PORT or [IPV6]:PORT'),
  unresolvable: (host: string, reason: string) =>
    `failed to resolve host:${host}:${reason}; give an address, or only the port to listen on all IPv4 addresses`,
  invalidPath: (path: string, { reason, remedy = 'give another name' }: Fault) =>
    `invalid path ${quoted(path)}: ${reason}; ${remedy}`,
  samePath: (path: string) => `path ${quoted(path)} is given twice; leave one of them out`,
  sameDescriptor: (number: number, one: string, other: string) =>
    `descriptor ${String(number)} is asked for twice, by ${quoted(one)} and ${quoted(other)}; ` +
    'give each socket a number of its own, or leave out =N',
  descriptorTooHigh: (text: string, limit: number) =>
    `dup2(2) failed(${text}): Bad file descriptor; give a number below ${String(limit)}, the limit of open files`,
  sameKey: (key: string) =>
    `warning: more than one socket is called ${quoted(key)} in SERVER_STARTER_PORT, most programs will see only one; ` +
    'write one of them differently, for instance with its host',
  cannotBind: (key: string, reason: string, code: ErrorCode) =>
    `failed to bind to ${key}:${reason}; ${bindRemedies[code] ?? 'give another --port'}`,
  portInUse: (key: string, reason: string, holders: readonly AddressHolder[]) =>
    `failed to bind to ${key}:${reason}; ${portRemedy(holders)}`,
  /** `rival` is the other `--port`. */
  portGivenTwice: (key: string, reason: string, rival: string) =>
    `failed to bind to ${key}:${reason}; --port=${rival} of this command line has it, leave one of the two out`,
  cannotListen: (key: string, reason: string) => `listen(2) failed:${reason}; give another --port than ${key}`,
  cannotCreateSocket: (key: string, reason: string) =>
    `failed to create socket:${reason}; ` +
    `for ${key} give an address of a family that is switched on here, or raise the limit of open files`,
  cannotListenToFile: (path: string, reason: string, code: ErrorCode) =>
    `failed to listen to file ${path}:${reason}; ${pathRemedies[code] ?? 'give another --path'}`,
  pathInUse: (path: string, holders: readonly AddressHolder[]) =>
    `failed to listen to file ${path}:` +
    (isOurs(holders)
      ? 'this start_server accepts connections there already; leave out one --path, or give another'
      : `${inWords(holders)} accepts connections there; stop it first, or give another path`),
  pathBusy: (path: string, lock: string) =>
    `failed to open a socket at ${path}:another process is about to do the same; see what holds the lock of file ${lock}, ` +
    'and try again',
  pathOccupied: (path: string) =>
    `failed to listen to file ${path}:something that is no socket is in the way; remove it, or give another path`,
  pathIsDirectory: (path: string, reason: string) =>
    `failed to listen to file ${path}:${reason}; it is a directory, give the path of a socket in it, ` +
    `as in --path=${path.replace(/\/+$/, '')}/app.sock`,
  cannotRemoveSocket: (path: string, reason: string) =>
    `failed to remove existing socket file:${path}:${reason}; remove it yourself, or give another --path`,

  /** `socket`: its name in systemd, and what it is. `option`: the option that would name it, where there is one. */
  unnamedSocket: (socket: string, option: string | undefined) =>
    `systemd hands down a socket that no option names: ${socket}; ` +
    `${option === undefined ? '' : `give ${option}, `}take it out of its .socket unit, or give --listen-fds=all`,
  beyondListenFds: (number: number, first: number, last: number) =>
    `--listen-fds: descriptor ${String(number)} is asked for, and LISTEN_FDS is about ${String(first)} to ${String(last)}; ` +
    `leave out =${String(number)}`,
  beforeListenFds: (number: number) =>
    `--listen-fds: descriptor ${String(number)} was inherited, and LISTEN_FDS leaves out none; ` +
    `close it before, as by ${String(number)}<&- in a shell`,

  cannotOpenControl: (path: string, reason: string) =>
    `failed to open control socket:${path}:${reason}; give another --control, in a directory that this user may write to`,
  controlInUse: (path: string) =>
    `failed to open control socket:${path}:another process accepts connections there; ` +
    'stop that start_server first, or give another --control',
  controlIsDirectory: (path: string) =>
    `failed to open control socket:${path}:it is a directory; give the path of a socket in it`,
  controlOccupied: (path: string) =>
    `failed to open control socket:${path}:something that is no socket is in the way; remove it, or give another --control`,

  cannotTakeOver: (pid: number, { reason, remedy = 'stop it first' }: Fault) =>
    `failed to take over from process ${String(pid)}:${reason}; ${remedy}`,

  // Files, log and daemon.
  cannotOpenPidFile: (path: string, reason: string) =>
    `failed to open file:${path}: ${reason}; give a --pid-file that this user may write, in a directory that exists`,
  cannotWritePidFile: (path: string, reason: string) =>
    `failed to write file:${path}: ${reason}; make room on its disk, or give another --pid-file`,
  /** `holder` is what the holder wrote there, as a rule its pid. */
  pidFileHeld: (path: string, holder: string) =>
    `failed to lock file:${path}: ${holder === '' ? 'another process' : `process ${holder}`} holds it; ` +
    'stop that start_server first, or give another --pid-file',
  pidFileBlocked: (path: string, pid: number, uid: number, reason: string) =>
    `failed to lock file:${path}: process ${String(pid)} holds it, though its user ${String(uid)} may only read that file, and ` +
    `no new one can take its place: ${reason}; end that process, let this user write to the directory, or give another --pid-file`,
  cannotPrint: (reason: string) =>
    `failed to write standard output: ${reason}; send it elsewhere, as by >FILE, or make room on its disk`,
  cannotOpenPipe: (value: string, reason: string) =>
    `failed to open pipe:${value}: ${reason}; give "| COMMAND" with a command that this user may run`,
  cannotDaemonize: (stage: string, reason: string) =>
    `failed to daemonize: ${stage}: ${reason}; raise the limits of processes and open files, or leave out --daemonize`,
  daemonKilled: () =>
    'the daemon was killed before it had started a worker; look into its log and into that of the system',
} as const;

/** Names three holders at most: they are enough to see who it is. */
function inWords(holders: readonly AddressHolder[]): string {
  const named = holders.slice(0, 3).map(({ pid, name }) => `process ${String(pid)} (${quoted(name)})`);
  const others = holders.length - named.length;
  return [...named, ...(others > 0 ? [`${String(others)} more`] : [])].join(', ') || 'another process';
}

function isOurs(holders: readonly AddressHolder[]): boolean {
  return holders.some((holder) => holder.isOurs);
}

function portRemedy(holders: readonly AddressHolder[]): string {
  if (isOurs(holders)) return 'this start_server has it already: leave out one --port, or give another';
  return holders.length === 0
    ? 'another socket has it: stop its process, which ss -ltunp names, or give another --port'
    : `${inWords(holders)} has it: stop it, or give another --port`;
}

const bindRemedies: Readonly<Record<ErrorCode, string>> = {
  EACCES: 'give a port above 1023, or the right CAP_NET_BIND_SERVICE to start_server',
  EADDRNOTAVAIL: 'give an address that this machine has',
};

const pathRemedies: Readonly<Record<ErrorCode, string>> = {
  ENOENT: 'make its directory first, or give another --path',
  ENOTDIR: 'a part of the path is no directory, give another --path',
  EACCES: 'let this user write to its directory, or give another --path',
};
