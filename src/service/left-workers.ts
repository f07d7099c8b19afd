/** A start after a superdaemon was killed: its workers have the sockets, and serve. */
import { leftWorkers } from '../core/workers/left-workers.js';
import { messages } from '../core/loop/messages.js';
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import { StarterError } from '../core/text/starter-error.js';
import { workersIn } from '../core/report/status-format.js';
import type { Settings, Signal } from '../core/loop/types.js';
import { holdersAmong, type Holder } from '../system/sockets/holders.js';
import { addressInUse } from '../system/engine/platform.js';
import { isSystemError } from '../system/engine/system-error.js';
import { sendSignal, wait } from '../system/processes/process.js';
import { ProcessTable } from '../system/processes/process-table.js';
import { seeAround } from '../system/sockets/seen-processes.js';
import { readStatusFile } from '../system/files/status-file.js';
import type { Say } from './say.js';
import { AddressInUse } from './address-in-use.js';
import { reasonOf } from './attempt.js';
import { sameProcesses } from './predecessors.js';
import type { TakeOver } from './take-over.js';
import { inodesOf, wantedSockets, type WantedSockets } from './wanted-sockets.js';

type SignalSettings = Pick<Settings, 'signalOnHup' | 'signalOnTerm'>;

/** Milliseconds between two looks whether a socket is closed, and how many looks there are. */
const pace = 10;
const looks = 3000;

export class LeftWorkers {
  /** The sockets of workers that were told to end, by the spec that asks for the same address. */
  #sockets: ReadonlyMap<ListenerSpec, readonly string[]> = new Map();
  #isStopped = false;

  constructor(
    private readonly stopRequested: Promise<void>,
    private readonly say: Say,
  ) {
    void stopRequested.then(() => (this.#isStopped = true));
  }

  /**
   * Only for who holds the lock of the pid file: then the superdaemon that wrote the status file is no more. Its
   * workers serve on while ours start; where their sockets cannot be had, they are told to end at once.
   */
  succeed(statusFile: string, specs: readonly ListenerSpec[], settings: SignalSettings, takeOver: TakeOver): void {
    const named = workersIn(contentOf(statusFile)).map(({ pid }) => pid);
    if (named.length === 0) return;
    const wanted = specs.map(wantedSockets);
    const sockets = new Set(wanted.flatMap(inodesOf));
    if (sockets.size === 0) return;
    const table = ProcessTable.read();
    const holders = holdersAmong(leftWorkers(named, seeAround(named, sockets, table), process.pid), sockets);
    if (holders.length === 0 || this.#areTaken(wanted, holders, settings.signalOnHup, table, takeOver)) return;
    this.#end(wanted, holders, settings.signalOnTerm);
  }

  /** False where the system refuses it. */
  #areTaken(
    wanted: readonly WantedSockets[],
    holders: readonly Holder[],
    signal: Signal,
    table: ProcessTable,
    takeOver: TakeOver,
  ): boolean {
    try {
      if (takeOver.copy(wanted, holders).length === 0) return false;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.say(messages.leftWorkersKeep(reasonOf(error)));
      return false;
    }
    const pids = holders.map(({ pid }) => pid);
    this.say(messages.takingFromLeftWorkers(signal, pids));
    takeOver.succeed({
      told: sameProcesses(holders),
      beside: sameProcesses(
        holdersAmong(
          pids.flatMap((pid) => table.descendantsOf(pid)),
          new Set(wanted.flatMap(inodesOf)),
        ),
      ),
      signal,
      telling: (living) => messages.tellingLeftWorkers(signal, living),
    });
    return true;
  }

  #end(wanted: readonly WantedSockets[], holders: readonly Holder[], signal: Signal): void {
    const held = new Set(holders.flatMap((holder) => [...holder.sockets.values()]));
    this.#sockets = new Map(wanted.map((one) => [one.spec, inodesOf(one).filter((inode) => held.has(inode))]));
    const pids = holders.map(({ pid }) => pid);
    this.say(messages.endingLeftWorkers(signal, pids));
    for (const pid of pids) sendSignal(pid, signal.number);
  }

  /**
   * Opens a socket at an address at which a worker that was told to end, or a process that it has forked, may still have
   * its own. The system is asked until that one is closed; to find out by connecting would trouble a server that is about
   * to end. Undefined when a stop signal came meanwhile; throws what `open` throws, and a StarterError that names who has
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
    return sockets.length > 0 && inodesOf(wantedSockets(spec)).some((inode) => sockets.includes(inode));
  }
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
