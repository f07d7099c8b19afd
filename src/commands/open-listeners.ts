import { exitCodes, type Failure } from '../core/exit-codes.js';
import { messages } from '../core/messages.js';
import type { InternetListenerSpec, ListenerSpec, UnixListenerSpec } from '../core/port-spec.js';
import { StarterError } from '../core/starter-error.js';
import { Listener } from '../system/listener.js';
import { addressInUse } from '../system/platform.js';
import { resolveHost } from '../system/resolve.js';
import { obstacleAt, removeStaleSocket, type Obstacle } from '../system/socket-file.js';
import { writeLine } from '../system/stdio.js';
import { attempt } from './attempt.js';

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
    throw new StarterError(
      { message: `failed to resolve host:${host}:${reason}`, exitCode: exitCodes.unable.code },
      error,
    );
  }
}

/** Opens one socket. What the system refuses is a StarterError with the original's words and the errno as exit code. */
export function openListener(spec: ListenerSpec, backlog: number): Listener {
  return spec.kind === 'unix' ? openUnix(spec, backlog) : openInternet(spec, backlog);
}

function openInternet(
  { kind, family, address = '', port, key, fixed }: InternetListenerSpec,
  backlog: number,
): Listener {
  const type = kind === 'udp' ? 'datagram' : 'stream';
  const listener = attempt(
    () => new Listener({ family, type, address, port, backlog }),
    (reason, stage) => internetFailure(key, reason, stage),
  );
  if (fixed !== undefined) writeLine(messages.descriptorAssigned(fixed.text));
  return listener;
}

function internetFailure(key: string, reason: string, stage: string): string {
  switch (stage) {
    case 'bind':
      return `failed to bind to ${key}:${reason}`;
    case 'listen':
      return `listen(2) failed:${reason}`;
    default:
      return `failed to create socket:${reason}`;
  }
}

function openUnix({ path }: UnixListenerSpec, backlog: number): Listener {
  const fail = (reason: string) => `failed to listen to file ${path}:${reason}`;
  clearPath(
    path,
    attempt(() => obstacleAt(path), fail),
  );
  return attempt(() => new Listener({ family: 'unix', type: 'stream', address: path, port: 0, backlog }), fail);
}

/** The original removes whatever is there, and a socket even while another server accepts on it. */
function clearPath(path: string, obstacle: Obstacle): void {
  const inTheWay = (reason: string): Failure => ({
    message: `failed to listen to file ${path}:${reason}`,
    exitCode: addressInUse,
  });
  switch (obstacle) {
    case 'none':
    case 'directory': // refused by the bind
      return;
    case 'accepting socket':
      throw new StarterError(
        inTheWay('another process accepts connections there; stop it first, or give another path'),
      );
    case 'other file':
      throw new StarterError(inTheWay('something that is no socket is in the way; remove it, or give another path'));
    case 'stale socket':
      writeLine(messages.removingSocketFile(path));
      attempt(
        () => {
          removeStaleSocket(path);
        },
        (reason) => `failed to remove existing socket file:${path}:${reason}`,
      );
  }
}
