import { exitCodes } from '../core/text/exit-codes.js';
import { failures } from '../core/text/failures.js';
import { messages } from '../core/loop/messages.js';
import type { InternetListenerSpec, ListenerSpec, UnixListenerSpec } from '../core/command-line/port-spec.js';
import { rivalOf, type Rival } from '../core/command-line/rival.js';
import { StarterError } from '../core/text/starter-error.js';
import { addon } from '../system/engine/addon.js';
import { lookToRemove } from '../system/files/look-at-place.js';
import { BoundListener, type Listener } from '../system/sockets/listener.js';
import { addressInUse } from '../system/engine/platform.js';
import { resolveHost } from '../system/sockets/resolve.js';
import { lookForNewSocket } from '../system/sockets/look-for-socket.js';
import { obstacleAt, obstacleSeenAt, removeStaleSocket, type Obstacle } from '../system/sockets/socket-file.js';
import { isSystemError } from '../system/engine/system-error.js';
import { AddressInUse } from './address-in-use.js';
import { attempt, reasonOf, refused } from './attempt.js';
import { turnAt } from './path-turn.js';
import type { FileAccess } from './file-access.js';
import type { Say } from './say.js';

/** Looks up all host names. Throws a StarterError for a name without an address, and for an address given twice. */
export async function withAddresses(specs: readonly ListenerSpec[]): Promise<ListenerSpec[]> {
  const resolved: ListenerSpec[] = [];
  for (const spec of specs) resolved.push(await withAddress(spec, resolved));
  return resolved;
}

/** The same for one of them, behind those that have been looked up. */
export async function withAddress(spec: ListenerSpec, earlier: readonly ListenerSpec[]): Promise<ListenerSpec> {
  const found = spec.kind === 'unix' ? spec : { ...spec, address: await addressOf(spec) };
  const rival = rivalOf(found, earlier);
  if (rival?.isSame === true) throw new StarterError({ message: givenTwice(spec, rival), exitCode: addressInUse });
  return found;
}

function givenTwice({ key }: ListenerSpec, rival: Rival): string {
  return failures.portGivenTwice(key, inUse(), rival.key);
}

/** The reason that bind(2) would give. */
function inUse(): string {
  return addon.strerror(addressInUse);
}

async function addressOf({ host = '', address }: InternetListenerSpec): Promise<string> {
  if (address !== undefined) return address;
  try {
    return await resolveHost(host);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StarterError({ message: failures.unresolvable(host, reason), exitCode: exitCodes.unable.code }, error);
  }
}

/** How a socket is opened. */
export interface Opening {
  /** For listen(2). */
  readonly backlog: number;
  /** Of unix sockets. */
  readonly access: FileAccess;
  readonly say: Say;
  /** When it is fulfilled, nothing is waited for any more. */
  readonly stopRequested: Promise<unknown>;
  /** The listeners that were opened before it. */
  readonly earlier: readonly ListenerSpec[];
}

/**
 * Throws what `openListener` would throw. A unix socket is not made; that of another kind is bound, so that the system says
 * what it thinks of that, but does not listen: it is given back to be closed.
 */
export function lookAtListener(
  spec: ListenerSpec,
  { access, earlier }: Pick<Opening, 'access' | 'earlier'>,
): Listener | undefined {
  if (spec.kind !== 'unix') {
    const rival = rivalOf(spec, earlier);
    if (rival !== undefined) throw new StarterError({ message: givenTwice(spec, rival), exitCode: addressInUse });
    return openInternet(spec, { backlog: undefined, say: () => undefined, earlier });
  }
  lookAtPath(spec, access);
  return undefined;
}

/**
 * Opens one socket. Throws an `AddressInUse` where another process has the address, and a StarterError with the original's
 * words and the errno as exit code for anything else that the system refuses. Undefined when a stop signal came while
 * another process had its turn at the path.
 */
export async function openListener(spec: ListenerSpec, opening: Opening): Promise<Listener | undefined> {
  if (spec.kind !== 'unix') return openInternet(spec, opening);
  const turn = await turnAt(spec.path, opening.stopRequested);
  try {
    return turn && openUnix(spec, opening);
  } finally {
    turn?.release();
  }
}

function openInternet(
  spec: InternetListenerSpec,
  { backlog, say, earlier }: Pick<Opening, 'say' | 'earlier'> & { readonly backlog: number | undefined },
): Listener {
  const { kind, family, address = '', port, key, fixed } = spec;
  const type = kind === 'udp' ? 'datagram' : 'stream';
  try {
    const listener = BoundListener.open({ family, type, address, port, backlog });
    if (fixed !== undefined) say(messages.descriptorAssigned(fixed.text));
    return listener;
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'EADDRINUSE' || error.syscall !== 'bind')
      throw refused(error, (reason, stage, code) => internetFailure(key, reason, stage, code));
    const rival = rivalOf(spec, earlier);
    if (rival !== undefined)
      throw new StarterError({ message: givenTwice(spec, rival), exitCode: addressInUse }, error);
    throw new AddressInUse(spec, (holders) => failures.portInUse(key, reasonOf(error), holders), error);
  }
}

function internetFailure(key: string, reason: string, stage: string, code: string): string {
  switch (stage) {
    case 'bind':
      return failures.cannotBind(key, reason, code);
    case 'listen':
      return failures.cannotListen(key, reason);
    default:
      return failures.cannotCreateSocket(key, reason);
  }
}

function openUnix(spec: UnixListenerSpec, { backlog, access, say }: Opening): Listener {
  const { path, fixed } = spec;
  const fail = pathFailure(path);
  clearPath(
    spec,
    attempt(() => obstacleAt(path), fail),
    () => {
      say(messages.removingSocketFile(path));
      removeStaleSocket(path);
    },
  );
  const request = { family: 'unix', type: 'stream', address: path, port: 0, backlog, ...access } as const;
  const listener = attempt(() => BoundListener.open(request), fail);
  if (fixed !== undefined) say(messages.descriptorAssigned(fixed.text));
  return listener;
}

/** Throws what `openUnix` would throw. */
function lookAtPath(spec: UnixListenerSpec, access: FileAccess): void {
  const { path } = spec;
  const fail = pathFailure(path);
  clearPath(
    spec,
    attempt(() => obstacleSeenAt(path), fail),
    () => {
      lookToRemove(path);
    },
  );
  attempt(() => {
    lookForNewSocket(path, access);
  }, fail);
}

function pathFailure(path: string): (reason: string, stage: string, code: string) => string {
  return (reason, _, code) => failures.cannotListenToFile(path, reason, code);
}

/** The original removes whatever is there, and a socket even while another server accepts on it. */
function clearPath(spec: UnixListenerSpec, obstacle: Obstacle, remove: () => void): void {
  const { path } = spec;
  switch (obstacle) {
    case 'none':
      return;
    case 'directory':
      throw new StarterError({ message: failures.pathIsDirectory(path, inUse()), exitCode: addressInUse });
    case 'accepting socket':
      throw new AddressInUse(spec, (holders) => failures.pathInUse(path, holders));
    case 'other file':
      throw new StarterError({ message: failures.pathOccupied(path), exitCode: addressInUse });
    case 'stale socket':
      attempt(remove, (reason) => failures.cannotRemoveSocket(path, reason));
  }
}
