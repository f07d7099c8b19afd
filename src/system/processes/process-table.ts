import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isSystemError } from '../engine/system-error.js';
import { atOnce } from './in-turns.js';
import { procOfOurPids } from './proc.js';
import { statOf, type ProcessStat } from './process.js';

/** How many processes are looked at; where there are more, some are not seen. */
const most = 2 ** 17;

/** Which process descends from which, as it was at one moment; empty where there is no /proc of our pids. */
export class ProcessTable {
  readonly #stats = new Map<number, ProcessStat>();
  readonly #children = new Map<number, number[]>();

  /** Empty, too, where /proc cannot be read: a superdaemon that has no descriptor left sees nobody, and goes on. */
  static read(): ProcessTable {
    try {
      return atOnce(ProcessTable.steps());
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return new ProcessTable();
    }
  }

  /**
   * For what descends from this process: no other is looked at where the kernel lists the children of each. `proc` is
   * where the lists are.
   */
  static below(ancestor: number, proc = procOfOurPids()): ProcessTable {
    if (proc === undefined || !existsSync(`${proc}/thread-self/children`)) return ProcessTable.read();
    const table = new ProcessTable();
    const seen = new Set([ancestor]);
    for (const parent of seen) {
      for (const child of childrenListed(`${proc}/${String(parent)}/task`)) {
        if (seen.has(child)) continue;
        seen.add(child);
        table.#add(child);
      }
    }
    return table;
  }

  /** Reads a process at each step. Throws where /proc cannot be read. */
  static *steps(): Generator<undefined, ProcessTable> {
    const table = new ProcessTable();
    for (const pid of allPids().slice(0, most)) {
      table.#add(pid);
      yield;
    }
    return table;
  }

  #add(pid: number): void {
    const stat = statOf(pid);
    if (stat === undefined || /[ZX]/.test(stat.state)) return;
    this.#stats.set(pid, stat);
    const siblings = this.#children.get(stat.parent);
    if (siblings === undefined) this.#children.set(stat.parent, [pid]);
    else siblings.push(pid);
  }

  get pids(): number[] {
    return [...this.#stats.keys()];
  }

  /** Undefined for a process that was not seen: it is gone, a zombie, or hidden from us. */
  statOf(pid: number): ProcessStat | undefined {
    return this.#stats.get(pid);
  }

  childrenOf(pid: number): readonly number[] {
    return this.#children.get(pid) ?? [];
  }

  /** Its children, their children, and so on. */
  descendantsOf(pid: number): number[] {
    const found = new Set<number>(this.childrenOf(pid));
    for (const one of found) for (const child of this.childrenOf(one)) found.add(child);
    found.delete(pid);
    return [...found];
  }

  /** From the parent up to process 1, or to a process whose parent was not seen. */
  ancestorsOf(pid: number): number[] {
    const found: number[] = [];
    let parent = this.#stats.get(pid)?.parent ?? 0;
    while (parent > 0 && !found.includes(parent)) {
      found.push(parent);
      parent = this.#stats.get(parent)?.parent ?? 0;
    }
    return found;
  }
}

/** What each thread of a process has forked, or was given to reap. */
function childrenListed(threads: string): number[] {
  return namesIn(threads).flatMap((thread) => {
    try {
      const list = readFileSync(`${threads}/${thread}/children`, 'latin1');
      return Array.from(list.matchAll(/\d+/g), ([pid]) => Number(pid));
    } catch {
      return []; // it has ended
    }
  });
}

function namesIn(threads: string): string[] {
  try {
    return readdirSync(threads);
  } catch {
    return []; // the process has ended, or is hidden from us
  }
}

function allPids(): number[] {
  const directory = procOfOurPids();
  if (directory === undefined) return [];
  return readdirSync(directory).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}
