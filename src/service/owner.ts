/** The living process that sockets are to be taken from, with all that descend from it. */
import type { TakeOverTarget } from '../core/command-line/take-over-target.js';
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import type { Signal } from '../core/loop/types.js';
import { messages } from '../core/loop/messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { failures } from '../core/text/failures.js';
import { ownerFaults, ownerFile } from '../core/text/owner-faults.js';
import type { Fault } from '../core/text/faults.js';
import { StarterError } from '../core/text/starter-error.js';
import { addon } from '../system/engine/addon.js';
import { permissionDenied } from '../system/engine/platform.js';
import { OtherProcess } from '../system/processes/process.js';
import { nameOf } from '../system/processes/process-role.js';
import { ProcessTable } from '../system/processes/process-table.js';
import { socketsAt } from '../system/sockets/bound-sockets.js';
import { heldBy, holdersAmong, type Holder } from '../system/sockets/holders.js';
import { ProcessLock } from '../system/takeover/process-lock.js';
import { attempt } from './attempt.js';
import type { Closing } from './closing.js';
import { findSuperdaemon } from './find-superdaemon.js';
import { sameProcesses } from './predecessors.js';
import type { Say } from './say.js';
import { TakeOver } from './take-over.js';
import { inodesOf, wantedSockets, type WantedSockets } from './wanted-sockets.js';

/** All descriptors of such a process are looked at, however many it has. */
const mostDescriptors = 2 ** 20;

export class Owner {
  readonly #name: string;

  private constructor(
    private readonly itself: OtherProcess,
    private readonly signal: Signal,
    private readonly lock: ProcessLock,
  ) {
    this.#name = nameOf(itself.pid);
  }

  /**
   * A pid file is believed as `--stop` believes it. That there is nobody, or somebody from whom nothing may be taken, is a
   * StarterError. Nobody else takes over from the same process until it has ended, or `closing` is closed.
   */
  static async find({ from, signal }: TakeOverTarget, closing: Closing): Promise<Owner> {
    const itself =
      'pid' in from
        ? new OtherProcess(from.pid)
        : (await findSuperdaemon(from.pidFile, 'r', () => exitCodes.usage.code, ownerFile)).process;
    const { pid, start } = itself;
    if (pid <= 1) refuse(pid, ownerFaults.first());
    if (pid === process.pid) refuse(pid, ownerFaults.itself());
    if (!itself.isAlive()) refuse(pid, ownerFaults.nobody());
    if (start === undefined) refuse(pid, ownerFaults.denied(addon.strerror(permissionDenied)), permissionDenied);
    const lock = attempt(
      () => ProcessLock.tryTake(pid),
      (reason) => failures.cannotTakeOver(pid, ownerFaults.denied(reason)),
    );
    if (lock === undefined) refuse(pid, ownerFaults.underWay());
    closing.hold(lock);
    return new Owner(itself, signal, lock);
  }

  get pid(): number {
    return this.itself.pid;
  }

  /** Whether it, or what descends from it, listens on the unix socket at a path. */
  listensAt(path: string): boolean {
    return this.#holdersOf(new Set(socketsAt({ kind: 'unix', path })), ProcessTable.read()).length > 0;
  }

  /** Has the sockets copied; the system opens the others. Throws a StarterError if none can be copied. */
  handOver(specs: readonly ListenerSpec[], takeOver: TakeOver, say: Say): void {
    const { pid } = this;
    const { wanted, holders, taken } = this.#copy(specs, takeOver);
    this.#tell(wanted, taken, say);
    takeOver.afterwards(() => {
      this.lock.close();
    });
    takeOver.succeed({
      told: [this.itself],
      beside: sameProcesses(holders.filter((one) => one.pid !== pid)),
      signal: this.signal,
      telling: () => messages.tellingOwner(this.signal, pid, this.#name),
      ended: () => messages.ownerEnded(pid, this.#name),
    });
  }

  /** The sockets that would be copied; throws what `handOver` would throw, and keeps nothing. */
  look(specs: readonly ListenerSpec[]): readonly ListenerSpec[] {
    const trial = new TakeOver(() => undefined);
    try {
      return this.#copy(specs, trial).taken;
    } finally {
      trial.close();
    }
  }

  #copy(specs: readonly ListenerSpec[], takeOver: TakeOver) {
    const { pid } = this;
    const wanted = specs.map(wantedSockets);
    const table = ProcessTable.read();
    const holders = this.#holdersOf(new Set(wanted.flatMap(inodesOf)), table);
    this.#refuseBelow(holders, table);
    const taken = attempt(
      () => takeOver.copy(wanted, holders),
      (reason) => failures.cannotTakeOver(pid, ownerFaults.denied(reason)),
    );
    if (taken.length === 0) refuse(pid, ownerFaults.hasNone(specs.map(({ key }) => key)));
    return { wanted, holders, taken };
  }

  #holdersOf(sockets: ReadonlySet<string>, table: ProcessTable): Holder[] {
    const pids = [this.pid, ...table.descendantsOf(this.pid)].filter((pid) => pid !== process.pid);
    return holdersAmong(pids, sockets, mostDescriptors);
  }

  /** An ancestor that has the socket, too, would start another process in the place of this one. */
  #refuseBelow(holders: readonly Holder[], table: ProcessTable): void {
    const above = table.ancestorsOf(this.pid).filter((pid) => pid !== process.pid);
    const [one] = holdersAmong(above, heldBy(holders));
    if (one !== undefined) refuse(this.pid, ownerFaults.below(one.pid, nameOf(one.pid)));
  }

  #tell(wanted: readonly WantedSockets[], taken: readonly ListenerSpec[], say: Say): void {
    const keys = (some: readonly WantedSockets[]) => some.map(({ spec }) => spec.key);
    const isTaken = ({ spec }: WantedSockets) => taken.includes(spec);
    say(messages.takingOver(this.pid, this.#name, keys(wanted.filter(isTaken))));
    const others = wanted.filter((one) => !isTaken(one));
    if (others.length > 0) say(messages.notTakenOver(this.pid, keys(others)));
    for (const { spec, exact } of wanted.filter(isTaken)) {
      if (exact.length > 1) say(messages.sharedAddress(spec.key, exact.length));
    }
  }
}

function refuse(pid: number, fault: Fault, exitCode: number = exitCodes.usage.code): never {
  throw new StarterError({ message: failures.cannotTakeOver(pid, fault), exitCode });
}
