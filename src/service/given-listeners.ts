/**
 * The sockets that a service manager hands down: those of its own, and those that it has kept for a start_server
 * before.
 */
import type { ListenFdsScope } from '../core/command-line/command.js';
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import { isOurOwn, matchSockets, optionFor, type GivenSocket } from '../core/manager/given-sockets.js';
import type { GivenDescriptor } from '../core/manager/manager-environment.js';
import { socketInWords } from '../core/manager/socket-in-words.js';
import { failures } from '../core/text/failures.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { StarterError } from '../core/text/starter-error.js';
import { BorrowedListener, isReachable, lookAt, wholePath } from '../system/manager/given-descriptors.js';
import { BoundListener, type Listener } from '../system/sockets/listener.js';

export class GivenListeners {
  readonly #taken: ReadonlyMap<ListenerSpec, GivenSocket>;
  /** The manager's own sockets that no option names; they are passed on to workers. */
  readonly unnamed: readonly GivenSocket[];
  /** Sockets that the manager has kept and that nobody needs any more. */
  readonly useless: readonly GivenSocket[];

  /** Throws a StarterError for a socket that no option names, unless all are wanted. Host names have been looked up. */
  constructor(specs: readonly ListenerSpec[], given: readonly GivenDescriptor[], scope: ListenFdsScope | undefined) {
    const sockets = given.map(lookAt);
    const dead = sockets.filter((socket) => isOurOwn(socket) && !isReachable(socket));
    const { taken, left } = matchSockets(
      specs,
      sockets.filter((socket) => !dead.includes(socket)),
      wholePath,
    );
    this.#taken = taken;
    this.useless = [...dead, ...left.filter(isOurOwn)];
    this.unnamed = left.filter((socket) => !isOurOwn(socket));
    const [stranger] = this.unnamed;
    if (stranger === undefined || scope === 'all') return;
    const message = failures.unnamedSocket(socketInWords(stranger), optionFor(stranger));
    throw new StarterError({ message, exitCode: exitCodes.usage.code });
  }

  /** The socket for a spec, if there is one. */
  take(spec: ListenerSpec): Listener | undefined {
    const socket = this.#taken.get(spec);
    if (socket === undefined) return undefined;
    const { descriptor } = socket;
    return isOurOwn(socket)
      ? BoundListener.kept(descriptor, spec.kind === 'unix' ? spec.path : undefined)
      : new BorrowedListener(descriptor);
  }

  /** What the manager calls the socket for a spec; undefined where it has none. */
  nameOf(spec: ListenerSpec): string | undefined {
    return this.#taken.get(spec)?.name;
  }
}
