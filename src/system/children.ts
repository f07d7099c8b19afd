/** Starting child processes, and learning of their ends. */
import { addon, type SpawnRequest } from './addon.js';

export interface EndedChild {
  readonly pid: number;
  /** The wait status. */
  readonly status: number;
}

export interface Children {
  /** Gives the pid; throws a system error when the fork is refused. */
  spawn(request: SpawnRequest): number;
  /** One that has ended, without waiting; it is reaped with that. */
  nextEnded(): EndedChild | undefined;
}

/** For a process that is nothing but a superdaemon: reaps orphans too, which process 1 of a container is handed. */
export const everyChild: Children = {
  spawn: (request) => addon.spawn(request),
  nextEnded: () => addon.waitpid(-1),
};

/** For a process that has other children, too, which somebody else waits for. */
export class OwnChildren implements Children {
  readonly #pids = new Set<number>();

  spawn(request: SpawnRequest): number {
    const pid = addon.spawn(request);
    this.#pids.add(pid);
    return pid;
  }

  nextEnded(): EndedChild | undefined {
    for (const pid of this.#pids) {
      const ended = addon.waitpid(pid);
      if (ended === undefined) continue;
      this.#pids.delete(pid);
      return ended;
    }
    return undefined;
  }

  /** Those that have not been reaped yet. */
  get pids(): readonly number[] {
    return [...this.#pids];
  }
}
