/**
 * Loads and types the native addon: the exact POSIX parts, synchronous and stateless.
 *
 * Every text is a byte string (one character, one byte). A call that the system refuses throws a `SystemError`;
 * a wrong type, a character above 255 or a NUL inside a text throws TypeError and does nothing.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SocketFacts } from '../../core/workers/socket-facts.js';
import { heldFile, linkTo } from './held-files.js';
import type { Launch, SignalPlan } from './launch-and-signals.js';
import type { ListenerRequest } from './listener-request.js';
import { packageRoot } from './package-root.js';
import type { CarriedOut, ExecRequest, SpawnOrder, SpawnRequest } from './program-requests.js';

export type { Launch, SignalPlan } from './launch-and-signals.js';
export type { ListenerRequest } from './listener-request.js';
export type { CarriedOut, ExecRequest, SoftLimits, SpawnOrder, SpawnRequest } from './program-requests.js';

/** The shape of Node's own system errors. */
export interface SystemError extends Error {
  /** For example `EADDRINUSE`. */
  code: string;
  /** Negative, as libuv has it. */
  errno: number;
  /** The stage that failed, for example `bind`. */
  syscall: string;
}

export interface Addon {
  /** The number of a user or a group by name. ENOENT for a name that nobody has. */
  userId(name: string): number;
  groupId(name: string): number;
  /** A blocking, close-on-exec socket, bound and (streams with a backlog) listening. */
  openListener(request: ListenerRequest): number;
  /** Has a stream socket that listens go on with another backlog, and with what waits in its queue. */
  setBacklog(fd: number, backlog: number): number;
  /** The port that a TCP or UDP socket is bound to, 0 for a unix socket. */
  localPort(fd: number): number;
  /** The terminal that a descriptor is, `columns` 0 where it does not tell its width; ENOTTY where it is none. */
  describeTerminal(fd: number): { columns: number; isInBackground: boolean };
  /** What socket a descriptor is that somebody else has opened; ENOTSOCK where it is no socket. */
  describeSocket(fd: number): SocketFacts;
  /**
   * A close-on-exec descriptor for the same open file as that of another process. Refused to whoever may not trace that
   * process; Linux 5.6 and later.
   */
  copyDescriptor(pid: number, fd: number): number;
  /** Whether something accepts connections on the unix stream socket at this path. */
  isAccepting(path: string): boolean;
  /** A non-blocking, close-on-exec socket, connected to the unix stream socket at this path. */
  connectTo(path: string): number;
  /** The user id of the process at the other end of a unix stream socket. */
  peerUid(fd: number): number;
  /**
   * The unix sockets of this network namespace that listen, by their own inodes, and the files that they are bound to:
   * device as the kernel numbers it, and the low 32 bits of the inode. Linux only.
   */
  unixListeners(): { socket: number; major: number; minor: number; inode: number }[];
  /**
   * A datagram socket for sd_notify(3) messages, bound to this path, and its name as NOTIFY_SOCKET has it. Without a path
   * the name is an abstract one, which every user of the machine can find and write to. Linux only.
   */
  openNotifySocket(path?: string): { fd: number; name: string };
  /**
   * The next message, without waiting; `sender` is a pid, 0 for a process of another pid namespace. The caller has to
   * close the descriptors that came with it. Sockets among them do not linger, unless the sender has them linger again.
   */
  receiveNotification(fd: number): { sender: number; text: string; descriptors: number[] } | undefined;
  /**
   * Sends a message to the notify socket of this name, `/PATH` or `@ABSTRACT`; descriptors that go with it stay ours. False
   * where there is no room for it at the moment. Linux only.
   */
  sendNotification(name: string, text: string, descriptors: readonly number[]): boolean;
  /** Has SIGIO sent to this process when there is something to read, and makes the open file non-blocking. */
  signalInput(fd: number): boolean;
  /**
   * Takes signals away from node. The listener is called with the signals that have come, each once however often it came,
   * and never in the midst of other JavaScript. A later call adds to an earlier one, but its listener replaces the
   * earlier listener.
   */
  setSignals(plan: SignalPlan, listener: (signals: readonly number[]) => void): boolean;
  /** Undefined where this process was started without the preloaded library. */
  launched(): Launch | undefined;
  /** What `ps` and `killall` call this process, at most 15 bytes of it. Linux only. */
  setProcessName(name: string): void;
  /** Starts a child, which carries out its plan and execs; gives its pid. */
  spawn(request: SpawnRequest): number;
  /**
   * Lays out a child's plan, and has it started together with what it answers, once, with what `setSignals` is told of: by the
   * time its listener hears of that, the child is there. A child that would have to tell a failure is not started.
   */
  orderSpawn(order: SpawnOrder): void;
  /** Ends the order; gives back what has come of it, if anything has. */
  withdrawOrder(): CarriedOut | undefined;
  /**
   * Makes this process another program with the same pid, parent and children. It begins with all signals blocked but
   * those of faults, and none ignored; signals that have come and that the listener of `setSignals` was not told are
   * pending. Returns only by throwing, and then everything is as it was before: which descriptors an exec closes, what
   * signals do, and the signal mask. The listener is told of signals that have come meanwhile.
   *
   * Throws ENOTSUP where `launched()` is undefined, since without the preloaded library no exec is safe; EBADF of `fcntl`
   * for a descriptor of `keep` that is not open; and what execve(2) refuses.
   */
  exec(request: ExecRequest): never;
  /** Reaps one child that has ended, without waiting; -1 stands for any child. */
  waitpid(pid: number): { pid: number; status: number } | undefined;
  /** The same, but the child stays a zombie, so that nobody is given its pid. */
  findEnded(pid: number): { pid: number; status: number } | undefined;
  /** The environment as the process got it, entry by entry. */
  environ(): string[];
  /** Takes an exclusive flock(2) without waiting; false when another open file holds it. */
  tryLock(fd: number): boolean;
  /**
   * Sends to a socket without waiting, and without changing the flags of its open file, which other processes share. Gives
   * how many bytes were taken, 0 while there is no room.
   */
  sendNow(fd: number, text: string): number;
  /** Clears O_NONBLOCK of an open file, for all who have it. */
  makeBlocking(fd: number): true;
  /** An exec closes the descriptor from now on, as it does with all that node opens. */
  setCloseOnExec(fd: number): true;
  /**
   * A close-on-exec descriptor of a file in memory that nobody can change any more. It is read from its beginning;
   * `name` is for those who look into /proc. ENOSYS where the system has nothing like it (macOS).
   */
  memoryFile(name: string, content: Uint8Array): number;
  /**
   * A close-on-exec descriptor that can be read from as soon as one of these directories changes, or something in it does.
   * A directory that is not there is not watched. ENOSYS where the system has nothing like it (macOS).
   */
  watchPaths(paths: readonly string[]): number;
  /** A new pipe, both ends close-on-exec. */
  pipe(): [reading: number, writing: number];
  /** Makes `to` the same open file as `from`, close-on-exec, and gives `to`; what was open as `to` is closed. */
  dup2(from: number, to: number): number;
  /** The system's text for an error number, positive or negative. */
  strerror(errno: number): string;
  /** Hands flags to V8; false where that cannot be done. V8 complains on descriptor 2 of a flag that it does not know. */
  setEngineFlags(flags: string): boolean;
  /**
   * In so many milliseconds, unless that is asked for anew before, clears V8's heap, and gives back the memory that holds what
   * is mapped from files and was never changed, such as the text of node: what is used again comes from the page cache.
   * False where that is not done: on Linux only.
   */
  giveBackMemory(milliseconds: number): boolean;
  /** Ends the process at once, without any destructor: a late signal cannot change the exit code. */
  exit(code: number): never;
}

const NAME = 'superdaemon.node';

/**
 * The addon of the package that `directory` lies in: the one built there, else the one shipped for this platform, else
 * what node-gyp-build finds. It is looked for by name because node-gyp-build's own search costs 2 to 3 ms of a start.
 * Throws an Error that says what is missing and what to install, with the loader's reason as its cause.
 */
export function loadAddon(directory: string): Addon {
  const root = packageRoot(directory);
  const reasons: unknown[] = [];
  for (const file of candidates(root)) {
    if (!existsSync(file)) continue;
    try {
      return open(file);
    } catch (error) {
      // Built for another libc or another machine: the next one may fit.
      reasons.push(error);
    }
  }
  try {
    return searchFor(root);
  } catch (error) {
    throw missing(root, [...reasons, error]);
  }
}

function candidates(root: string): string[] {
  const held = heldFile('ADDON');
  if (held !== undefined) return [linkTo(held)]; // another file may be at its path
  const shipped = join(root, 'prebuilds', `${process.platform}-${process.arch}`);
  const built = join(root, 'build', 'Release', NAME);
  if (process.platform !== 'linux') return [built, join(shipped, NAME)];
  // The order only saves an attempt: the loader refuses a file that was made for the other libc.
  const libcs = existsSync('/etc/alpine-release') ? ['musl', 'glibc'] : ['glibc', 'musl'];
  return [built, ...libcs.map((libc) => join(shipped, `superdaemon.${libc}.node`))];
}

/** The file that the addon was loaded from; undefined where node-gyp-build has found it. */
export let addonFile: string | undefined;

function open(file: string): Addon {
  const target: { exports: unknown } = { exports: {} };
  process.dlopen(target, file);
  addonFile = file;
  // The file is the package's own: its functions are those of native/addon.cc, and the contract tests hold them to it.
  return target.exports as Addon;
}

function searchFor(root: string): Addon {
  const load = createRequire(join(root, 'package.json'))('node-gyp-build') as (directory: string) => Addon;
  return load(root);
}

function missing(root: string, reasons: readonly unknown[]): Error {
  const [first] = reasons;
  const reason = first instanceof Error ? first.message.split('\n', 1)[0] : String(first);
  return new Error(
    `the native part of superdaemon cannot be loaded from ${root}: ${reason ?? ''}; ` +
      "install a C++ compiler, make and python3, then run 'npm rebuild superdaemon' (or 'npm rebuild --global superdaemon')",
    { cause: reasons.length === 1 ? first : new AggregateError(reasons, 'nothing that was found could be loaded') },
  );
}

function loadOrRefuse(directory: string): { addon: Addon; failure?: Error } {
  try {
    return { addon: loadAddon(directory) };
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    const refuse = () => {
      throw failure;
    };
    // The object behind the proxy is empty, but every access throws first.
    return { addon: new Proxy({} as Addon, { get: refuse }), failure };
  }
}

const loaded = loadOrRefuse(import.meta.dirname);

/** The native functions, ready to be called. Where they could not be loaded, every access throws `addonFailure`. */
export const addon: Addon = loaded.addon;

/**
 * Why there are no native functions; undefined where there are. It is not thrown on import: no command could catch it
 * then, and node would print a stack, though only the installation is at fault.
 */
export const addonFailure: Error | undefined = loaded.failure;
