/** A start after a superdaemon was killed: its workers hold the sockets until they are told to end. */
import { leftWorkers } from '../core/workers/left-workers.js';
import { messages } from '../core/loop/messages.js';
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import { StarterError } from '../core/text/starter-error.js';
import { workersIn } from '../core/report/status-format.js';
import type { Signal } from '../core/loop/types.js';
import { socketsAt } from '../system/sockets/bound-sockets.js';
import { holdersAmong } from '../system/sockets/holders.js';
import { addressInUse } from '../system/engine/platform.js';
import { sendSignal, wait } from '../system/processes/process.js';
import { ProcessTable } from '../system/processes/process-table.js';
import { seeAround } from '../system/sockets/seen-processes.js';
import { readStatusFile } from '../system/files/status-file.js';
import type { Say } from './say.js';
import { AddressInUse, bindingOf } from './address-in-use.js';

/** It is looked every so many milliseconds, so often, whether a socket is closed. */
const pace = 10;
const looks = 3000;

export class LeftWorkers {
  /** What those hold that were told to end, by the spec that asks for the same address. */
  #sockets: ReadonlyMap<ListenerSpec, readonly string[]> = new Map();
  #isStopped = false;

  constructor(private readonly stopRequested: Promise<void>) {
    void stopRequested.then(() => (this.#isStopped = true));
  }

  /** Only for who holds the lock of the pid file: then the superdaemon that wrote the status file is no more. */
  end(statusFile: string, specs: readonly ListenerSpec[], signal: Signal, say: Say): void {
    const named = workersIn(contentOf(statusFile)).map(({ pid }) => pid);
    if (named.length === 0) return;
    const bound = specs.map((spec) => ({ spec, sockets: socketsOf(spec) }));
    const sockets = new Set(bound.flatMap(({ sockets: inodes }) => inodes));
    if (sockets.size === 0) return;
    const told = leftWorkers(named, seeAround(named, sockets, new ProcessTable()), process.pid);
    const holders = holdersAmong(told, sockets);
    if (holders.length === 0) return;
    const held = new Set(holders.flatMap((holder) => [...holder.sockets.values()]));
    this.#sockets = new Map(
      bound.map(({ spec, sockets: inodes }) => [spec, inodes.filter((inode) => held.has(inode))]),
    );
    const pids = holders.map(({ pid }) => pid);
    say(messages.endingLeftWorkers(signal, pids));
    for (const pid of pids) sendSignal(pid, signal.number);
  }

  /**
   * Opens a socket at an address where one may be that a worker holds which was told to end, or a process that it has
   * forked. The system is asked until that is closed: to try a path would be to connect, and they answer the clients that
   * they have. Undefined when a stop signal came meanwhile; throws what `open` throws, and a StarterError that names who has
   * the address.
   */
  async opened<T>(spec: ListenerSpec, open: () => Promise<T | undefined>): Promise<T | undefined> {
    for (let look = 0; look < looks && this.#isHeld(spec); look += 1) {
      await Promise.race([wait(pace), this.stopRequested]);
      if (this.#isStopped) return undefined;
    }
    try {
      return await open();
    } catch (error) {
      throw error instanceof AddressInUse ? inUse(error) : error;
    }
  }

  #isHeld(spec: ListenerSpec): boolean {
    const sockets = this.#sockets.get(spec) ?? [];
    return sockets.length > 0 && socketsOf(spec).some((inode) => sockets.includes(inode));
  }
}

function socketsOf(spec: ListenerSpec): string[] {
  const place = bindingOf(spec);
  return place === undefined ? [] : socketsAt(place);
}

function inUse(error: AddressInUse): StarterError {
  return new StarterError({ message: error.told(), exitCode: addressInUse }, error.cause);
}

function contentOf(statusFile: string): string {
  try {
    return readStatusFile(statusFile);
  } catch {
    return ''; // the usual case: a superdaemon removes it at its end
  }
}
