import { matchListeners, type ListenerMatch } from '../core/command-line/command-changes.js';
import { assignDescriptors, type ListenerSpec, type Numbered } from '../core/command-line/port-spec.js';
import type { ListenerPart } from '../core/handover/document.js';
import { noListenFds, type ListenFds } from '../core/manager/listen-fds.js';
import type { ListenerReport } from '../core/report/status-report.js';
import type { Keep } from '../system/engine/keep.js';
import { isSystemError } from '../system/engine/system-error.js';
import { BoundListener, type Listener } from '../system/sockets/listener.js';

/** An open socket: how it was asked for, and its number in workers. */
export interface OpenListener extends Numbered {
  readonly listener: Listener;
}

/** Opens one; it gets those that were opened before, too. Nothing where a stop signal came first. */
export type Open = (spec: ListenerSpec, earlier: readonly ListenerSpec[]) => Promise<Listener | undefined>;

/** The sockets of another command line, and what that means for those of the one in force. */
export interface Lineup {
  /** As its workers have them. */
  readonly all: readonly OpenListener[];
  /** What LISTEN_FDS has to say of them to its workers. */
  readonly listenFds: ListenFds;
  readonly added: readonly OpenListener[];
  readonly kept: readonly OpenListener[];
  readonly gone: readonly OpenListener[];
}

/** One that no command line asks for any more; workers before this generation may still have it. */
interface Leaving {
  readonly one: OpenListener;
  readonly since: number;
}

/** For each socket that a command line asks for the one that is open already. */
export type Wanted = ListenerMatch<OpenListener>['wanted'];

/** All sockets of a service. */
export class Listeners {
  #open: readonly OpenListener[] = [];
  /** Opened for a command line that is tried. */
  #added: readonly OpenListener[] = [];
  #leaving: readonly Leaving[] = [];
  #listenFds = noListenFds;

  /** Those of the command line in force, in the order of its specs. */
  get all(): readonly OpenListener[] {
    return this.#open;
  }

  /** What LISTEN_FDS has to say of those in force to workers. */
  get listenFds(): ListenFds {
    return this.#listenFds;
  }

  /** Whether some are open for a command line that is tried, or for workers of a former one. */
  get areChanging(): boolean {
    return this.#added.length > 0 || this.#leaving.length > 0;
  }

  /** As `--show-status` shows them. */
  get reports(): ListenerReport[] {
    return this.#open.map(reportOn);
  }

  /** Those that no command line asks for any more, while workers may still have them. */
  get leaving(): ListenerReport[] {
    return this.#leaving.map(({ one }) => reportOn(one));
  }

  /**
   * Opens them one after the other. Gives back whether all are there: none is where `open` has given nothing, or thrown.
   */
  async open(specs: readonly ListenerSpec[], taken: ReadonlySet<number>, open: Open): Promise<boolean> {
    const opened = await openAll(specs, open);
    if (opened !== undefined) this.#open = numbered(specs, taken, opened);
    return opened !== undefined;
  }

  /** For the workers to come. */
  tellWorkers(listenFds: ListenFds): void {
    this.#listenFds = listenFds;
  }

  /** Those that the image before has handed over, in the order of their specs. */
  takeUp(specs: readonly ListenerSpec[], parts: readonly ListenerPart[], listenFds: ListenFds): void {
    this.#open = specs.flatMap((spec, index) => {
      const part = parts[index];
      return part === undefined ? [] : [takenUp(spec, part)];
    });
    this.#listenFds = listenFds;
  }

  /** Those in force: the others have to be gone before another image can go on. */
  handOver(keep: Keep): ListenerPart[] {
    return this.#open.map(({ spec, number, listener }) => {
      const address = spec.kind === 'unix' ? undefined : spec.address;
      return { ...listener.handOver(keep), number, ...(address === undefined ? {} : { address }) };
    });
  }

  /** What the specs of another command line mean. */
  match(specs: readonly ListenerSpec[], directory: string): ListenerMatch<OpenListener> {
    const held = [...this.#open, ...this.#leaving.map(({ one }) => one)];
    const sockets = held.map((one) => ({ spec: one.spec, port: one.listener.port, one }));
    const { wanted, gone } = matchListeners(sockets, specs, directory);
    const leaving = gone.map(({ one }) => one).filter((one) => this.#open.includes(one));
    return { wanted: wanted.map(({ spec, held: found }) => ({ spec, held: found?.one })), gone: leaving };
  }

  /**
   * For another command line: shares what is open, and opens the rest. Undefined where `open` has given nothing; then, and
   * when it has thrown, everything is as it was.
   */
  async openBeside(
    specs: readonly ListenerSpec[],
    taken: ReadonlySet<number>,
    directory: string,
    open: Open,
    listenFdsFor: (wanted: Wanted) => ListenFds,
  ): Promise<Lineup | undefined> {
    const { wanted, gone } = this.match(specs, directory);
    const listenFds = listenFdsFor(wanted);
    const shared = new Map(wanted.flatMap(({ spec, held }) => (held === undefined ? [] : [[spec, held.listener]])));
    const missing = specs.filter((spec) => !shared.has(spec));
    const opened = await openAll(missing, (spec, earlier) => open(spec, [...shared.keys(), ...earlier]));
    if (opened === undefined) return undefined;
    const all = numbered(specs, taken, new Map([...shared, ...opened]));
    this.#added = all.filter(({ spec }) => opened.has(spec));
    return { all, listenFds, added: this.#added, kept: all.filter(({ spec }) => shared.has(spec)), gone };
  }

  /** The command line that they were opened for is in force, from the worker of this generation on. `backlog`: a new one. */
  adopt({ all, listenFds, kept, gone }: Lineup, backlog: number | undefined, since: number): void {
    const stays = new Set(all.map(({ listener }) => listener));
    this.#leaving = [
      ...this.#leaving.filter(({ one }) => !stays.has(one.listener)),
      ...gone.map((one) => ({ one, since })),
    ];
    this.#open = all;
    this.#listenFds = listenFds;
    this.#added = [];
    if (backlog === undefined) return;
    for (const { spec, listener } of kept) if (spec.kind !== 'udp') setBacklog(listener, backlog);
  }

  /** The command line is not tried any more. */
  drop(): void {
    closeAll(this.#added);
    this.#added = [];
  }

  /** Closes what nobody can have any more, since all workers are of this generation or newer. Gives it back. */
  closeLeft(oldest: number, before: (left: readonly OpenListener[]) => void): readonly OpenListener[] {
    const left = this.#leaving.filter(({ since }) => since <= oldest).map(({ one }) => one);
    this.#leaving = this.#leaving.filter(({ one }) => !left.includes(one));
    before(left);
    closeAll(left);
    return left;
  }

  close(): void {
    closeAll([...this.#open, ...this.#leaving.map(({ one }) => one), ...this.#added]);
    this.#open = [];
    this.#leaving = [];
    this.#added = [];
  }
}

/** The address of a named host is not looked up again: it is the one that an image before has bound. */
function takenUp(spec: ListenerSpec, part: ListenerPart): OpenListener {
  const { number, address } = part;
  const listener = BoundListener.takeUp(part, spec.kind === 'unix' ? spec.path : undefined);
  const found = spec.kind === 'unix' || address === undefined ? spec : { ...spec, address };
  return { spec: found, number, listener };
}

/** Where the system refuses it, the one before stays: there is no way back any more. */
function setBacklog(listener: Listener, backlog: number): void {
  try {
    listener.setBacklog(backlog);
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

type Opened = ReadonlyMap<ListenerSpec, Listener>;

async function openAll(specs: readonly ListenerSpec[], open: Open): Promise<Opened | undefined> {
  const opened = new Map<ListenerSpec, Listener>();
  let isAll = false;
  try {
    for (const spec of specs) {
      const listener = await open(spec, [...opened.keys()]);
      if (listener === undefined) return undefined;
      opened.set(spec, listener);
    }
    isAll = true;
  } finally {
    if (!isAll) for (const listener of [...opened.values()].reverse()) listener.close();
  }
  return opened;
}

function numbered(specs: readonly ListenerSpec[], taken: ReadonlySet<number>, opened: Opened): OpenListener[] {
  return assignDescriptors(specs, taken).flatMap((one) => {
    const listener = opened.get(one.spec);
    return listener === undefined ? [] : [{ ...one, listener }];
  });
}

function closeAll(listeners: readonly OpenListener[]): void {
  for (const { listener } of [...listeners].reverse()) listener.close();
}

/** With the port that the system has chosen. */
function reportOn({ spec, listener }: OpenListener): ListenerReport {
  const { kind, key: name } = spec;
  if (kind === 'unix') return { name, kind, address: spec.path };
  return { name, kind, address: spec.address ?? '', port: listener.port };
}
