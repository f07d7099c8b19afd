/** The ways to tell readiness that an option asks for. */
import type { EnvironmentLookup } from '../../core/workers/environment.js';
import { hasFile, openNotifySocket } from './notify-name.js';
import { NotifySocket } from './notify-socket.js';
import type { Readiness, ReadinessHandout, Told } from './readiness.js';
import { ReadyPipes } from './ready-pipes.js';

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
