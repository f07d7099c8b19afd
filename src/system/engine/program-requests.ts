/** What a program is to be made of: a child, or what this process becomes. Texts are byte strings. */

/** Soft limits of setrlimit(2): a number of descriptors, and bytes. A limit above the hard one becomes the hard one. */
export interface SoftLimits {
  readonly nofile?: number;
  readonly as?: number;
  readonly data?: number;
}

interface Program {
  file: string;
  /** The whole argv, the program's own name first. */
  args: readonly string[];
  /** The whole environ, entry by entry. */
  env: readonly string[];
}

/** `file` is found along PATH of `env` unless it has a slash, after the change of directory, as execvp(3) does. */
export interface SpawnRequest extends Program {
  cwd?: string;
  /** [from, to]: what is open as `from` here is `to` in the child; the exec closes everything else above 2. */
  fds: readonly (readonly [from: number, to: number])[];
  /** Signals the child ignores; all others get their default disposition. */
  ignoredSignals?: readonly number[];
  /** The child's signal mask. */
  blockedSignals?: readonly number[];
  /** The child's limits; a limit that is left out stays as it is. */
  softLimits?: SoftLimits;
  /** Has the system kill the child when this process ends; Linux only. */
  endsWithParent?: boolean;
  /** Makes the child the leader of a new session. */
  newSession?: boolean;
  /** Makes the child the leader of a process group of its own, which goes by its pid. */
  newGroup?: boolean;
  /**
   * Makes the program a daemon: in a new session, without being its leader. The pid that is given back is the leader's,
   * which ends at once and has to be reaped.
   */
  daemon?: boolean;
  /**
   * Lets the child run before this process goes on, where the system has left both on one processor: not for a process that
   * has anything else to do.
   */
  goesFirst?: boolean;
  /** The name of a variable of `env` whose value is to be the pid of the program. */
  pidVariable?: string;
}

/**
 * A child that is started as soon as this process is told of one of two things, before any JavaScript hears of them: a signal,
 * or the end of a child.
 */
export interface SpawnOrder {
  readonly request: SpawnRequest;
  readonly signal: number;
  readonly endOf?: number;
  /** Signals that end the order when they come together with that. */
  readonly unless: readonly number[];
  /** The descriptor of a file of which the child's output becomes a part. */
  readonly output: number;
}

/** What has come of an order. */
export interface CarriedOut {
  readonly pid: number;
  /** The child whose end was answered, which is left a zombie; undefined where it was the signal. */
  readonly ended?: { readonly pid: number; readonly status: number };
  /** How long the file of `output` was before; undefined where it is none, or that is not known. */
  readonly size?: number;
}

/** `file` is a path: it is not looked for along PATH. */
export interface ExecRequest extends Program {
  /**
   * Descriptors that stay open, under their numbers; all others from 3 up are closed. A standard descriptor that is not
   * among them is closed only if it is close-on-exec, as node makes it.
   */
  keep: readonly number[];
}
