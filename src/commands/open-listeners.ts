import { exitCodes } from '../core/exit-codes.js';
import { failures } from '../core/failures.js';
import { messages } from '../core/messages.js';
import type { InternetListenerSpec, ListenerSpec, UnixListenerSpec } from '../core/port-spec.js';
import { rivalOf, type Rival } from '../core/rival.js';
import { StarterError } from '../core/starter-error.js';
import { addon } from '../system/addon.js';
import { Listener } from '../system/listener.js';
import { addressInUse } from '../system/platform.js';
import { resolveHost } from '../system/resolve.js';
import { obstacleAt, removeStaleSocket, type Obstacle } from '../system/socket-file.js';
import { attempt } from './attempt.js';

/** Looks up all host names. A name without an address is a StarterError, and so is one address given twice. */
export async function withAddresses(specs: readonly ListenerSpec[]): Promise<ListenerSpec[]> {
  const resolved: ListenerSpec[] = [];
  for (const spec of specs) {
    const found = spec.kind === 'unix' ? spec : { ...spec, address: await addressOf(spec) };
    const rival = rivalOf(found, resolved);
    if (rival?.isSame === true) throw new StarterError({ message: givenTwice(spec, rival), exitCode: addressInUse });
    resolved.push(found);
  }
  return resolved;
}

function givenTwice({ key }: ListenerSpec, rival: Rival): string {
  return failures.portGivenTwice(key, inUse(), rival.key);
}

/** What the bind would say. */
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

/**
 * Opens one socket, beside those that were opened before it. What the system refuses is a StarterError with the original's
 * words and the errno as exit code.
 */
export function openListener(
  spec: ListenerSpec,
  backlog: number,
  say: Say,
  earlier: readonly ListenerSpec[] = [],
): Listener {
  return spec.kind === 'unix' ? openUnix(spec, backlog, say) : openInternet(spec, backlog, say, rivalOf(spec, earlier));
}

type Say = (line: string) => void;

function openInternet(spec: InternetListenerSpec, backlog: number, say: Say, rival: Rival | undefined): Listener {
  const { kind, family, address = '', port, key, fixed } = spec;
  const type = kind === 'udp' ? 'datagram' : 'stream';
  const listener = attempt(
    () => new Listener({ family, type, address, port, backlog }),
    (reason, stage, code) =>
      rival !== undefined && code === 'EADDRINUSE'
        ? givenTwice(spec, rival)
        : internetFailure(key, reason, stage, code),
  );
  if (fixed !== undefined) say(messages.descriptorAssigned(fixed.text));
  return listener;
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

function openUnix({ path }: UnixListenerSpec, backlog: number, say: Say): Listener {
  const fail = (reason: string, _: string, code: string) => failures.cannotListenToFile(path, reason, code);
  clearPath(
    path,
    attempt(() => obstacleAt(path), fail),
    say,
  );
  return attempt(() => new Listener({ family: 'unix', type: 'stream', address: path, port: 0, backlog }), fail);
}

/** The original removes whatever is there, and a socket even while another server accepts on it. */
function clearPath(path: string, obstacle: Obstacle, say: Say): void {
  switch (obstacle) {
    case 'none':
      return;
    case 'directory':
      throw new StarterError({ message: failures.pathIsDirectory(path, inUse()), exitCode: addressInUse });
    case 'accepting socket':
      throw new StarterError({ message: failures.pathInUse(path), exitCode: addressInUse });
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
