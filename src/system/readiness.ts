/**
 * How workers tell that they are ready. What they tell wakes the superdaemon by SIGIO, so nothing has to be looked at
 * meanwhile.
 */
import type { EnvironmentLookup } from '../core/settings.js';
import type { Word } from '../core/worker-words.js';
import { hasFile, openNotifySocket } from './notify-name.js';
import { NotifySocket } from './notify-socket.js';
import { ReadyPipes } from './ready-pipes.js';

/** What a spawn has to hand down besides. */
export interface ReadinessHandout {
  readonly variables: readonly (readonly [name: string, value: string])[];
  readonly descriptors: readonly (readonly [from: number, to: number])[];
}

/** What workers, or processes that descend from them, have told. */
export interface Told {
  readonly words: readonly Word[];
  /** False where more was there than is read at once. */
  readonly isAll: boolean;
}

export interface Readiness {
  /** Before each spawn; `free` gives a descriptor number that the worker does not use otherwise. */
  handOut(free: () => number): ReadinessHandout;
  /** After it, with the worker's pid, or with nothing where the fork was refused. */
  handedTo(pid: number | undefined): void;
  /** Once a worker has ended. */
  forget(pid: number): void;
  /** What has been told since, without waiting. */
  take(): Told;
  close(): void;
}

export interface ReadinessParts {
  /** In the environment of the superdaemon itself. */
  lookUp: EnvironmentLookup;
  /** Called when `take` should be, though nothing new has come. */
  wake: () => void;
  /** Called where every user of the machine may write to the notify socket. */
  isExposed: () => void;
}

/**
 * With `notify` the descriptor is there, too, for those that cannot send datagrams, as node. Throws a system error where the
 * system has no such sockets.
 */
export function openReadiness(kind: 'notify' | 'fd', { lookUp, wake, isExposed }: ReadinessParts): Readiness {
  if (kind === 'fd') return new ReadyPipes();
  const open = () => {
    const socket = openNotifySocket(lookUp);
    if (!hasFile(socket.name)) isExposed();
    return socket;
  };
  return new Several([new NotifySocket(open, wake), new ReadyPipes()]);
}

/** More than one way at a time. */
class Several implements Readiness {
  constructor(private readonly ways: readonly Readiness[]) {}

  handOut(free: () => number): ReadinessHandout {
    const handouts = this.ways.map((way) => way.handOut(free));
    return {
      variables: handouts.flatMap(({ variables }) => variables),
      descriptors: handouts.flatMap(({ descriptors }) => descriptors),
    };
  }

  handedTo(pid: number | undefined): void {
    for (const way of this.ways) way.handedTo(pid);
  }

  forget(pid: number): void {
    for (const way of this.ways) way.forget(pid);
  }

  take(): Told {
    const told = this.ways.map((way) => way.take());
    return { words: told.flatMap(({ words }) => words), isAll: told.every(({ isAll }) => isAll) };
  }

  close(): void {
    for (const way of this.ways) way.close();
  }
}
