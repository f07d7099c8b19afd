/** Workers that outlived their superdaemon, which was killed: they serve on, and hold its sockets. */
import { readdirSync, readFileSync } from 'node:fs';
import { OtherProcess, statOf } from './process.js';

interface Facts {
  readonly pid: number;
  readonly parent: number;
  /** The values of SERVER_STARTER_PORT and SERVER_STARTER_GENERATION. */
  readonly sockets: string;
  readonly generation: number;
}

/**
 * Those that a status file names, and those newer ones with the same sockets that were not accepted yet. Each must carry
 * the generation it was given, so that a pid which was given to somebody else is not taken for it, and no start_server may
 * be its parent. None where there is no /proc.
 */
export function leftWorkers(status: string): OtherProcess[] {
  const listed = Array.from(status.matchAll(/^(\d+):(\d+)$/gm), ([, generation, pid]) => {
    const facts = factsOf(pid ?? '');
    return facts?.generation === Number(generation) && !isSuperdaemon(facts.parent) ? [facts] : [];
  }).flat();
  const [one] = listed;
  const newest = Math.max(...listed.map(({ generation }) => generation));
  const newer = one === undefined ? [] : allFacts().filter((facts) => isLike(facts, one) && facts.generation > newest);
  return [...listed, ...newer].map(({ pid }) => new OtherProcess(pid));
}

function isLike(facts: Facts, other: Facts): boolean {
  return facts.parent === other.parent && facts.sockets === other.sockets;
}

function allFacts(): Facts[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (factsOf(name) ?? []) : []));
}

/** Undefined for a process that is gone, is another user's, or was never a worker. */
function factsOf(pid: string): Facts | undefined {
  try {
    const environment = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`;
    const value = (name: string) => new RegExp(`\\0SERVER_STARTER_${name}=([^\\0]*)`).exec(environment)?.[1];
    const [sockets, generation] = [value('PORT'), value('GENERATION')];
    const parent = statOf(Number(pid))?.parent;
    if (sockets === undefined || generation === undefined || parent === undefined) return undefined;
    return { pid: Number(pid), parent, sockets, generation: Number(generation) };
  } catch {
    return undefined;
  }
}

/**
 * A superdaemon with another pid file but the same status file, by somebody's mistake, keeps its workers. A shell that
 * starts one over and over, and inherits its orphans as process 1 of a container, has the name further behind.
 */
function isSuperdaemon(pid: number): boolean {
  try {
    const words = readFileSync(`/proc/${String(pid)}/cmdline`, 'latin1').split('\0', 2);
    return words.some((word) => /(?:^|\/)start_server(?:\.cjs)?$/.test(word));
  } catch {
    return false; // hidden from us: another user's, and so no parent of processes that we may signal
  }
}
