import { oneListensAt } from './bound-sockets.js';
import { holderOf, socketsOf } from './holders.js';
import { ProcessTable } from '../processes/process-table.js';
import { statOf, type ProcessStat } from '../processes/process.js';

/**
 * What workers have forked, as it is at one moment; later it is asked which of these have lost their parent and serve
 * on.
 */
export class FormerHolders {
  readonly #sockets: ReadonlySet<string>;
  readonly #before = new Map<number, ProcessStat>();

  constructor(superdaemon: number) {
    const table = ProcessTable.below(superdaemon);
    for (const pid of table.descendantsOf(superdaemon)) {
      const stat = table.statOf(pid);
      if (stat !== undefined && stat.parent !== superdaemon) this.#before.set(pid, stat);
    }
    this.#sockets = this.#before.size === 0 ? new Set() : socketsOf(superdaemon);
  }

  /**
   * Whether the superdaemon is the one that accepts at this path, and not another one with its pid in another
   * namespace; not told where its workers have forked nothing.
   */
  listensAt(path: string): boolean {
    return oneListensAt(this.#sockets, path);
  }

  /** The processes that have a socket of the superdaemon's. */
  get left(): number[] {
    return [...this.#before].flatMap(([pid, before]) => {
      const now = statOf(pid);
      const isOrphan = now?.start === before.start && now.parent !== before.parent && !/[ZX]/.test(now.state);
      return isOrphan && (holderOf(pid, this.#sockets)?.sockets.size ?? 0) > 0 ? [pid] : [];
    });
  }
}
