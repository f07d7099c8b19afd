/**
 * Which processes are workers that a killed superdaemon has left. They are known by the sockets they hold, since many
 * write a title over their environment. No other process is ever signalled, however much it looks like a worker.
 */

/** A process as it was seen. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  /** Which of the sockets in question it holds; undefined where we may not see that. */
  readonly sockets: readonly string[] | undefined;
  /** Whether it is a superdaemon or a service manager: such are never signalled, nor what descends from a superdaemon. */
  readonly role: 'superdaemon' | 'service manager' | 'program';
}

/**
 * `named`: the pids in the status file. `seen`: these, other processes that may be left, and the ancestors of all of them.
 * `own`: this process. Gives the workers that are to be told to end: the named ones first, then their siblings, such as a
 * worker that was forked too late to be named. To end what the workers have forked is left to the workers.
 */
export function leftWorkers(named: readonly number[], seen: ReadonlyMap<number, SeenProcess>, own: number): number[] {
  const view = new View(seen, own);
  const left = [...new Set(named)].flatMap((pid) => view.orphan(pid) ?? []);
  const sockets = new Set(left.flatMap(({ sockets: held }) => held ?? []));
  // A killed superdaemon's children all get the same new parent.
  const parents = new Set(left.map(({ parent }) => parent));
  const beside = [...seen.values()].filter(
    ({ parent, sockets: held }) => parents.has(parent) && held?.some((socket) => sockets.has(socket)) === true,
  );
  const more = beside.flatMap(({ pid }) => view.orphan(pid) ?? []);
  return [...new Set([...left, ...more].map(({ pid }) => pid))];
}

class View {
  readonly #lineage: ReadonlySet<number>;

  constructor(
    private readonly seen: ReadonlyMap<number, SeenProcess>,
    own: number,
  ) {
    this.#lineage = new Set([own, ...this.#ancestorsOf(own)]);
  }

  /** The process, if it holds a socket and no ancestor does: then the superdaemon that handed the socket down is gone. */
  orphan(pid: number): SeenProcess | undefined {
    const one = this.seen.get(pid);
    if (one?.sockets === undefined || one.sockets.length === 0) return undefined;
    if (pid <= 1 || this.#lineage.has(pid) || one.role !== 'program') return undefined;
    return this.#ancestorsOf(pid).every((ancestor) => this.#isNoOwner(ancestor, one.sockets ?? [])) ? one : undefined;
  }

  #isNoOwner(pid: number, sockets: readonly string[]): boolean {
    const one = this.seen.get(pid);
    // What process 1 holds may be hidden, since it is root's; of every other ancestor we have to know it.
    if (one === undefined) return pid === 1;
    if (one.role === 'superdaemon' || (one.sockets === undefined && pid !== 1)) return false;
    return !sockets.some((socket) => one.sockets?.includes(socket) === true);
  }

  /** From the parent up: to process 1, to one whose parent was not seen, or to where a circle begins. */
  #ancestorsOf(pid: number): number[] {
    const found: number[] = [];
    for (let parent = this.#parentOf(pid); parent > 0 && !found.includes(parent); parent = this.#parentOf(parent)) {
      found.push(parent);
    }
    return found;
  }

  #parentOf(pid: number): number {
    return this.seen.get(pid)?.parent ?? 0;
  }
}
