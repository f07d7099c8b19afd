/**
 * Loads and types the native addon: the exact POSIX parts, synchronous and stateless.
 *
 * Every text is a byte string (one character, one byte). A call that the system refuses throws a `SystemError`;
 * a wrong type, a character above 255 or a NUL inside a text throws TypeError and does nothing.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from './package-root.js';

/** The shape of Node's own system errors. */
export interface SystemError extends Error {
  /** For example `EADDRINUSE`. */
  code: string;
  /** Negative, as libuv has it. */
  errno: number;
  /** The stage that failed, for example `bind`. */
  syscall: string;
}

export interface ListenerRequest {
  family: 'inet' | 'inet6' | 'unix';
  type: 'stream' | 'datagram';
  /** A numeric address, or the path of a unix socket. */
  address: string;
  /** 0 lets the system choose; ignored for unix. */
  port: number;
  /** For listen(2), stream sockets only. */
  backlog: number;
  /** Of the file of a unix socket, from its first moment on, under every umask; 0o777 where it is left out. */
  mode?: number;
}

/** Soft limits of setrlimit(2): a number of descriptors, and bytes. One above the hard limit means that. */
export interface SoftLimits {
  readonly nofile?: number;
  readonly as?: number;
  readonly data?: number;
}

/** What signals mean from now on, by their numbers. Those in none of the lists stay as they are. */
export interface SignalPlan {
  /** Noted, and told to the listener. */
  readonly handled: readonly number[];
  readonly ignored: readonly number[];
  /** Back to what the system does by itself. */
  readonly standard: readonly number[];
  /** The signal mask; all others come through. */
  readonly blocked: readonly number[];
}

/** What the preloaded library (native/preload) has noted before node began. */
export interface Launch {
  /** Signals. */
  readonly blocked: readonly number[];
  readonly ignored: readonly number[];
  /** Standard descriptors that were not open. */
  readonly closed: readonly number[];
  /** Descriptors above those that an exec leaves open, in ascending order. */
  readonly inherited: readonly number[];
}

export interface SpawnRequest {
  /** Found along PATH of `env` unless it has a slash, after the change of directory, as execvp(3) does. */
  file: string;
  /** The whole argv, the program's own name first. */
  args: readonly string[];
  /** The whole environ, entry by entry. */
  env: readonly string[];
  cwd?: string;
  /** [from, to]: what is open as `from` here is `to` in the child; all else above 2 is closed by the exec. */
  fds: readonly (readonly [from: number, to: number])[];
  /** Signals the child ignores; all others get their default disposition. */
  ignoredSignals?: readonly number[];
  /** The child's signal mask. */
  blockedSignals?: readonly number[];
  /** Of the child; those that are left out stay as they are. */
  softLimits?: SoftLimits;
  /** Makes the child the leader of a new session. */
  newSession?: boolean;
  /** Makes the child the leader of a process group of its own, which goes by its pid. */
  newGroup?: boolean;
  /**
   * Makes the program a daemon: in a new session, without being its leader. The pid that is given back is the leader's,
   * which ends at once and has to be reaped.
   */
  daemon?: boolean;
}

export interface Addon {
  /** A blocking, close-on-exec socket, bound and (streams) listening. */
  openListener(request: ListenerRequest): number;
  /** Has a stream socket that listens go on with another backlog, and with what waits in its queue. */
  setBacklog(fd: number, backlog: number): number;
  /** The port that a TCP or UDP socket is bound to, 0 for a unix socket. */
  localPort(fd: number): number;
  /** Whether something accepts connections on the unix stream socket at this path. */
  isAccepting(path: string): boolean;
  /** A non-blocking, close-on-exec socket, connected to the unix stream socket at this path. */
  connectTo(path: string): number;
  /** The user id of the process at the other end of a unix stream socket. */
  peerUid(fd: number): number;
  /**
   * The unix sockets of this network namespace that listen, by their own inodes, and the files that they are bound to: device
   * as the kernel numbers it, and the low 32 bits of the inode. Linux only.
   */
  unixListeners(): { socket: number; major: number; minor: number; inode: number }[];
  /**
   * A datagram socket for sd_notify(3) messages, bound to this path, and its name as NOTIFY_SOCKET has it. Without a path
   * the name is an abstract one, which every user of the machine can find and write to. Linux only.
   */
  openNotifySocket(path?: string): { fd: number; name: string };
  /**
   * The next message, without waiting; `sender` is a pid, 0 for a process of another pid namespace. The caller has to
   * close the descriptors that came with it. Sockets among them do not linger any more, unless their sender was quick.
   */
  receiveNotification(fd: number): { sender: number; text: string; descriptors: number[] } | undefined;
  /** Has SIGIO sent to this process when there is something to read, and makes the open file non-blocking. */
  signalInput(fd: number): boolean;
  /**
   * Takes signals out of the hands of node; the listener is called with those that have come, each once however often it
   * came, and never in the midst of other JavaScript. A later call adds to an earlier one, and its listener takes the place
   * of that one's.
   */
  setSignals(plan: SignalPlan, listener: (signals: readonly number[]) => void): boolean;
  /** Undefined where this process was started without the preloaded library. */
  launched(): Launch | undefined;
  /** What `ps` and `killall` call this process, at most 15 bytes of it. Linux only. */
  setProcessName(name: string): void;
  /** The pid of the child, which walks its plan and execs. */
  spawn(request: SpawnRequest): number;
  /** Reaps one child that has ended, without waiting; -1 stands for any child. */
  waitpid(pid: number): { pid: number; status: number } | undefined;
  /** The same, but the child stays a zombie, so that nobody is given its pid. */
  findEnded(pid: number): { pid: number; status: number } | undefined;
  /** The environment as the process got it, entry by entry. */
  environ(): string[];
  /** Takes an exclusive flock(2) without waiting; false when another open file holds it. */
  tryLock(fd: number): boolean;
  /**
   * Sends to a socket without waiting, whatever the flags of its open file, which others share: how many bytes were taken,
   * 0 while there is no room.
   */
  sendNow(fd: number, text: string): number;
  /** Clears O_NONBLOCK of an open file, which nobody else must have yet. */
  makeBlocking(fd: number): true;
  /** A new pipe, both ends close-on-exec. */
  pipe(): [reading: number, writing: number];
  /** Makes `to` the same open file as `from`, close-on-exec, and gives it back; what it was is closed. */
  dup2(from: number, to: number): number;
  /** The system's text for an error number, positive or negative. */
  strerror(errno: number): string;
  /** Hands flags to V8, which complains on descriptor 2 of one that it does not know; false where that cannot be done. */
  setEngineFlags(flags: string): boolean;
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
  const shipped = join(root, 'prebuilds', `${process.platform}-${process.arch}`);
  const built = join(root, 'build', 'Release', NAME);
  if (process.platform !== 'linux') return [built, join(shipped, NAME)];
  // The two cannot be taken for each other: the loader refuses the one made for the other libc. The order only saves
  // the attempt.
  const libcs = existsSync('/etc/alpine-release') ? ['musl', 'glibc'] : ['glibc', 'musl'];
  return [built, ...libcs.map((libc) => join(shipped, `superdaemon.${libc}.node`))];
}

function open(file: string): Addon {
  const target: { exports: unknown } = { exports: {} };
  process.dlopen(target, file);
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
    // Empty, but nobody gets to see that: every access throws.
    return { addon: new Proxy({} as Addon, { get: refuse }), failure };
  }
}

const loaded = loadOrRefuse(import.meta.dirname);

/** The native functions, ready to be called. Where they could not be loaded, every access throws `addonFailure`. */
export const addon: Addon = loaded.addon;

/**
 * Why there are no native functions; undefined where there are. Not thrown on import: no command could catch it, and
 * node would print a stack for what is a matter of installation.
 */
export const addonFailure: Error | undefined = loaded.failure;
