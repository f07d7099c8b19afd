import { exitCodes } from '../core/exit-codes.js';
import { failures } from '../core/failures.js';
import { messages } from '../core/messages.js';
import type { InternetListenerSpec, ListenerSpec, UnixListenerSpec } from '../core/port-spec.js';
import { StarterError } from '../core/starter-error.js';
import { Listener } from '../system/listener.js';
import { addressInUse } from '../system/platform.js';
import { resolveHost } from '../system/resolve.js';
import { obstacleAt, removeStaleSocket, type Obstacle } from '../system/socket-file.js';
import { isSystemError } from '../system/system-error.js';
import { AddressInUse } from './address-in-use.js';
import { attempt, reasonOf, refused } from './attempt.js';
import { turnAt } from './path-turn.js';

/** Looks up all host names. A name without an address is a StarterError. */
export async function withAddresses(specs: readonly ListenerSpec[]): Promise<ListenerSpec[]> {
  const resolved: ListenerSpec[] = [];
  for (const spec of specs) resolved.push(spec.kind === 'unix' ? spec : { ...spec, address: await addressOf(spec) });
  return resolved;
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

/**
 * Opens one socket. What the system refuses is a StarterError with the original's words and the errno as exit code, but for
 * an address that another process has, which is an `AddressInUse`. Undefined when a stop signal came while another process
 * had its turn at the path.
 */
export async function openListener(
  spec: ListenerSpec,
  backlog: number,
  say: Say,
  stopRequested: Promise<unknown>,
): Promise<Listener | undefined> {
  if (spec.kind !== 'unix') return openInternet(spec, backlog, say);
  const turn = await turnAt(spec.path, stopRequested);
  try {
    return turn && openUnix(spec, backlog, say);
  } finally {
    turn?.release();
  }
}

type Say = (line: string) => void;

function openInternet(spec: InternetListenerSpec, backlog: number, say: Say): Listener {
  const { kind, family, address = '', port, key, fixed } = spec;
  const type = kind === 'udp' ? 'datagram' : 'stream';
  try {
    const listener = new Listener({ family, type, address, port, backlog });
    if (fixed !== undefined) say(messages.descriptorAssigned(fixed.text));
    return listener;
  } catch (error) {
    if (isSystemError(error) && error.code === 'EADDRINUSE' && error.syscall === 'bind') {
      throw new AddressInUse(spec, (holders) => failures.portInUse(key, reasonOf(error), holders), error);
    }
    throw refused(error, (reason, stage, code) => internetFailure(key, reason, stage, code));
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

function openUnix(spec: UnixListenerSpec, backlog: number, say: Say): Listener {
  const { path } = spec;
  const fail = (reason: string, _: string, code: string) => failures.cannotListenToFile(path, reason, code);
  clearPath(
    spec,
    attempt(() => obstacleAt(path), fail),
    say,
  );
  return attempt(() => new Listener({ family: 'unix', type: 'stream', address: path, port: 0, backlog }), fail);
}

/** The original removes whatever is there, and a socket even while another server accepts on it. */
function clearPath(spec: UnixListenerSpec, obstacle: Obstacle, say: Say): void {
  const { path } = spec;
  switch (obstacle) {
    case 'none':
    case 'directory': // refused by the bind
      return;
    case 'accepting socket':
      throw new AddressInUse(spec, (holders) => failures.pathInUse(path, holders));
    case 'other file':
      throw new StarterError({ message: failures.pathOccupied(path), exitCode: addressInUse });
    case 'stale socket':
      say(messages.removingSocketFile(path));
      attempt(
        () => {
          removeStaleSocket(path);
        },
        (reason) => failures.cannotRemoveSocket(path, reason),
      );
  }
}
