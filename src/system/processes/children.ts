/** Starting child processes, and learning of their ends. */
import { addon, type CarriedOut, type SpawnOrder, type SpawnRequest } from '../engine/addon.js';

export interface EndedChild {
  readonly pid: number;
  /** The wait status. */
  readonly status: number;
}

/**
 * A child whose end was told is reaped only when the next one is asked for. Until then its pid stays its own: no new
 * worker can be given it, and no stranger, who might get a late signal.
 */
export interface Children {
  /** Gives the pid; throws a system error when the fork is refused. */
  start(request: SpawnRequest): number;
  /** A child that has ended, if any, without waiting. */
  nextEnded(): EndedChild | undefined;
  /** Undefined where signals do not come by the addon. */
  readonly ahead?: StartAhead;
}

/** A child that is started at the very moment of what it answers. */
export interface StartAhead {
  /** In place of an order before. */
  order(order: SpawnOrder): void;
  /** From here on nothing is carried out. Gives back what was; an end that was told by it is like one of `nextEnded`. */
  withdraw(): CarriedOut | undefined;
}

/** For a process that is nothing but a superdaemon: reaps orphans too, which process 1 of a container is handed. */
export class EveryChild implements Children {
  #told: number | undefined;

  readonly ahead: StartAhead = {
    order: ({ request, ...order }) => {
      addon.orderSpawn({ ...order, request: { ...request, goesFirst: true } });
    },
    withdraw: () => {
      const carriedOut = addon.withdrawOrder();
      if (carriedOut?.ended !== undefined) this.#told = carriedOut.ended.pid;
      return carriedOut;
    },
  };

  start(request: SpawnRequest): number {
    return addon.spawn(request);
  }

  nextEnded(): EndedChild | undefined {
    this.reapTold();
    const ended = addon.findEnded(-1);
    this.#told = ended?.pid;
    return ended;
  }

  /** Reaps the child whose end was told last, since another image would be told of it again. */
  reapTold(): void {
    if (this.#told !== undefined) addon.waitpid(this.#told);
    this.#told = undefined;
  }
}

/** For a process that also has children which somebody else waits for. */
export class OwnChildren implements Children {
  readonly #pids = new Set<number>();
  #told: number | undefined;

  start(request: SpawnRequest): number {
    const pid = addon.spawn(request);
    this.#pids.add(pid);
    return pid;
  }

  nextEnded(): EndedChild | undefined {
    if (this.#told !== undefined) this.#reap(this.#told);
    for (const pid of this.#pids) {
      const ended = addon.findEnded(pid);
      if (ended === undefined) continue;
      this.#told = pid;
      return ended;
    }
    return undefined;
  }

  /** The children that have not been reaped yet. */
  get pids(): readonly number[] {
    return [...this.#pids];
  }

  #reap(pid: number): void {
    addon.waitpid(pid);
    this.#pids.delete(pid);
    this.#told = undefined;
  }
}

/** Reaps all children that have ended, before we end ourselves: process 1 of a container may reap nobody. */
export function reapEnded(children: Children): void {
  while (children.nextEnded() !== undefined);
}
