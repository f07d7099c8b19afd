/** A run of start_server as data: what is prepared, the command line, and what happens then. */

/** What is at a path before the start. A text alone means a file of mode 0644; a name that ends in `/` is a directory. */
export type Prepared =
  | string
  | { readonly text: string; readonly mode: number }
  | { readonly link: string }
  /** A socket file whose server is gone. */
  | { readonly staleSocket: true }
  | { readonly copyOf: string };

export type Step =
  /** Waits until the log has that line (with workers named, as `started(2)` shows) so many times in all. */
  | { readonly do: 'wait'; readonly line: string; readonly times: number }
  /** Signals the superdaemon: at once, or when it waits for events and all its workers have started. */
  | { readonly do: 'signal'; readonly signal: NodeJS.Signals; readonly atOnce: boolean }
  | { readonly do: 'kill'; readonly worker: number; readonly by: NodeJS.Signals }
  /** Waits until a worker has ended, reaped or not. */
  | { readonly do: 'dead'; readonly worker: number }
  | { readonly do: 'write'; readonly path: string; readonly text: string }
  | { readonly do: 'remove'; readonly path: string }
  | { readonly do: 'rename'; readonly from: string; readonly to: string }
  /** Waits until a file has this text, with workers named; with undefined until there is no file. */
  | { readonly do: 'await file'; readonly path: string; readonly text: string | undefined }
  /** Keeps what the directory holds at this moment. */
  | { readonly do: 'look' }
  /** Keeps which of the superdaemon and its workers live at this moment. */
  | { readonly do: 'who' }
  /** Keeps what the superdaemon itself is like at this moment. */
  | { readonly do: 'about' }
  /** Runs a start_server once more, to its end, and keeps its outcome. */
  | { readonly do: 'command'; readonly words: readonly string[] }
  /** Waits for the end of the superdaemon, which an earlier step has caused. */
  | { readonly do: 'end' };

export interface Scenario {
  /**
   * The options. In all words `{P}` and `{Q}` stand for free ports, `{cwd}` for the directory of the run and `{probe}`
   * for the probe. An interval of 0 goes before them.
   */
  readonly options?: readonly string[];
  /** After `--`; otherwise the probe, which tells all it was given and every signal, with the words of `probe`. */
  readonly program?: readonly string[];
  readonly probe?: readonly string[];
  /** The whole command line, in place of all these. */
  readonly words?: readonly string[];
  readonly files?: Readonly<Record<string, Prepared>>;
  /** Beyond PATH, HOME and LANG. */
  readonly env?: Readonly<Record<string, string>>;
  /** What stands before the command and execs it. */
  readonly under?: readonly string[];
  /** Where the log is, when not on stderr. */
  readonly log?: string;
  /** The pid file of a daemon. */
  readonly daemon?: string;
  readonly steps?: readonly Step[];
  /**
   * How it ends: by TERM after all steps; by itself; or by KILL, where the original's defects allow no other end. After a
   * KILL the log counts up to the last line for which a step has waited.
   */
  readonly end?: 'TERM' | 'itself' | 'KILL';
  /** Whether commands are those of the other implementation. */
  readonly crossed?: boolean;
  /** Kinds of observation that differ on purpose. */
  readonly ignore?: readonly Kind[];
  /** A defect of ours that is known and not yet repaired. */
  readonly todo?: string;
}

export type Kind = 'outcome' | 'stdout' | 'told' | 'given' | 'events' | 'moments' | 'log';

export const wait = (line: string, times = 1): Step => ({ do: 'wait', line, times });
export const signal = (name: NodeJS.Signals): Step => ({ do: 'signal', signal: name, atOnce: false });
export const atOnce = (name: NodeJS.Signals): Step => ({ do: 'signal', signal: name, atOnce: true });
export const kill = (worker: number, by: NodeJS.Signals = 'SIGKILL'): Step => ({ do: 'kill', worker, by });
export const dead = (worker: number): Step => ({ do: 'dead', worker });
export const write = (path: string, text: string): Step => ({ do: 'write', path, text });
export const remove = (path: string): Step => ({ do: 'remove', path });
export const rename = (from: string, to: string): Step => ({ do: 'rename', from, to });
export const awaitFile = (path: string, text: string | undefined): Step => ({ do: 'await file', path, text });
export const look: Step = { do: 'look' };
export const who: Step = { do: 'who' };
export const about: Step = { do: 'about' };
export const command = (...words: readonly string[]): Step => ({ do: 'command', words });
export const end: Step = { do: 'end' };

export const started = (worker: number): Step => wait(`starting new worker W${String(worker)}`);
export const ended = (worker: number, status = 0): Step =>
  wait(`old worker W${String(worker)} died, status:${String(status)}`);

/** A restart in which worker `next` takes over from the one before, to the death of that one. */
export const reload = (next = 2, status = 0): readonly Step[] => [
  started(next - 1),
  signal('SIGHUP'),
  ended(next - 1, status),
];
