/** The ways to tell readiness that an option asks for. */
import type { ReadinessPart } from '../../core/handover/document.js';
import type { ReadinessKind } from '../../core/loop/types.js';
import type { EnvironmentLookup } from '../../core/workers/environment.js';
import type { Keep } from '../engine/keep.js';
import { hasFile, openNotifySocket, type NamedSocket } from './notify-name.js';
import { NotifySocket } from './notify-socket.js';
import type { Readiness, ReadinessHandout, Told } from './readiness.js';
import { ReadyPipes } from './ready-pipes.js';

export interface ReadinessParts {
  /** Looks up a variable of the superdaemon itself. */
  lookUp: EnvironmentLookup;
  /** Called when `take` should be, though nothing new has come. */
  wake: () => void;
  /** Called where every user of the machine may write to the notify socket. */
  isExposed: () => void;
}

/**
 * With `notify` workers are given the descriptor, too, since some, such as node, cannot send datagrams. Throws a system
 * error where the system has no such sockets.
 */
export function openReadiness(kind: ReadinessKind, parts: ReadinessParts): Readiness {
  if (kind === 'fd') return new ReadyPipes();
  return new Several([NotifySocket.open(opening(parts), parts.wake), new ReadyPipes()]);
}

/** Goes on with the ways of the image before; without a notify socket it is `fd`. */
export function takeUpReadiness({ notify, pipes }: ReadinessPart, parts: ReadinessParts): Readiness {
  const taken = ReadyPipes.takeUp(pipes);
  if (notify === undefined) return taken;
  return new Several([NotifySocket.takeUp(opening(parts), parts.wake, notify), taken]);
}

function opening({ lookUp, isExposed }: ReadinessParts): () => NamedSocket {
  return () => {
    const socket = openNotifySocket(lookUp);
    if (!hasFile(socket.name)) isExposed();
    return socket;
  };
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

  handOver(keep: Keep): ReadinessPart | undefined {
    const parts = this.ways.map((way) => way.handOver(keep)).filter((part) => part !== undefined);
    if (parts.length < this.ways.length) return undefined;
    return { ...Object.assign({}, ...parts), pipes: parts.flatMap(({ pipes }) => pipes) } as ReadinessPart;
  }

  get readable(): readonly number[] {
    return this.ways.flatMap(({ readable }) => readable);
  }

  close(): void {
    for (const way of this.ways) way.close();
  }
}
