/** A start after a superdaemon was killed: its workers have the sockets, and serve. */
import { leftWorkers } from '../core/workers/left-workers.js';
import { messages } from '../core/loop/messages.js';
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import { workersIn } from '../core/report/status-format.js';
import type { Settings, Signal } from '../core/loop/types.js';
import { heldBy, holdersAmong, type Holder } from '../system/sockets/holders.js';
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

/** Workers that a superdaemon has left, which have sockets that are asked for. */
interface Left {
  readonly wanted: readonly WantedSockets[];
  readonly holders: readonly Holder[];
  readonly table: ProcessTable;
}

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
    const left = findLeft(statusFile, specs);
    if (left === undefined || this.#areTaken(left, settings.signalOnHup, takeOver)) return;
    this.#end(left, settings.signalOnTerm);
  }

  /** The sockets among these that a start would have from such workers. */
  static look(statusFile: string, specs: readonly ListenerSpec[]): ListenerSpec[] {
    const left = findLeft(statusFile, specs);
    if (left === undefined) return [];
    const held = heldBy(left.holders);
    return left.wanted.filter((one) => inodesOf(one).some((inode) => held.has(inode))).map(({ spec }) => spec);
  }

  /** False where the system refuses it. */
  #areTaken({ wanted, holders, table }: Left, signal: Signal, takeOver: TakeOver): boolean {
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

  #end({ wanted, holders }: Left, signal: Signal): void {
    const held = heldBy(holders);
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
      throw error instanceof AddressInUse ? error.failure : error;
    }
  }

  #isHeld(spec: ListenerSpec): boolean {
    const sockets = this.#sockets.get(spec) ?? [];
    return sockets.length > 0 && inodesOf(wantedSockets(spec)).some((inode) => sockets.includes(inode));
  }
}

/** Undefined where there is none; most starts find that out by a look at the status file. */
function findLeft(statusFile: string, specs: readonly ListenerSpec[]): Left | undefined {
  const named = workersIn(contentOf(statusFile)).map(({ pid }) => pid);
  if (named.length === 0) return undefined;
  const wanted = specs.map(wantedSockets);
  const sockets = new Set(wanted.flatMap(inodesOf));
  if (sockets.size === 0) return undefined;
  const table = ProcessTable.read();
  const holders = holdersAmong(leftWorkers(named, seeAround(named, sockets, table), process.pid), sockets);
  return holders.length === 0 ? undefined : { wanted, holders, table };
}

function contentOf(statusFile: string): string {
  try {
    return readStatusFile(statusFile);
  } catch {
    return ''; // the usual case: a superdaemon removes it at its end
  }
}
