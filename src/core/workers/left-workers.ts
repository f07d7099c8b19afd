/**
 * Which processes are workers that a killed superdaemon has left: by what they hold, since many write a title over their
 * environment. Nobody else is ever signalled, however much it looks like one.
 */

/** A process as it was seen. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  /** Which of the sockets that are asked for it holds; undefined where we may not see it. */
  readonly sockets: readonly string[] | undefined;
  /** Whether it is a superdaemon or a service manager: such are never signalled, nor what descends from a superdaemon. */
  readonly role: 'superdaemon' | 'service manager' | 'program';
}

/**
 * `named` are the pids of the status file; `seen` has them, whatever else may be left, and all that these descend from.
 * `own` is this process. Gives those to be told to end: the named ones first, then those that are beside them, such as a
 * worker that was forked too late to be named. What these have forked themselves is their own affair.
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

  /** The process, if it holds a socket and nobody above it does: then whoever has handed the socket down is no more. */
  orphan(pid: number): SeenProcess | undefined {
    const one = this.seen.get(pid);
    if (one?.sockets === undefined || one.sockets.length === 0) return undefined;
    if (pid <= 1 || this.#lineage.has(pid) || one.role !== 'program') return undefined;
    return this.#ancestorsOf(pid).every((ancestor) => this.#isNoOwner(ancestor, one.sockets ?? [])) ? one : undefined;
  }

  #isNoOwner(pid: number, sockets: readonly string[]): boolean {
    const one = this.seen.get(pid);
    // Process 1 is root's, and nobody else may see what it holds; of all others that have to be known.
    if (one === undefined) return pid === 1;
    if (one.role === 'superdaemon' || (one.sockets === undefined && pid !== 1)) return false;
    return !sockets.some((socket) => one.sockets?.includes(socket) === true);
  }

  /** From the parent up; the last is 1, one whose parent is not seen, or one of whom there is a circle. */
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
