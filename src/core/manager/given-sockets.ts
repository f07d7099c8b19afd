/** Which `--port` or `--path` means which of the sockets that the service manager hands down. */
import { isSameAddress } from '../command-line/address.js';
import type { InternetListenerSpec, ListenerSpec } from '../command-line/port-spec.js';
import type { GivenDescriptor } from './manager-environment.js';
import type { SocketFacts } from '../workers/socket-facts.js';
import { isStored, storedName } from './socket-names.js';

export interface GivenSocket extends GivenDescriptor {
  /** Undefined where the descriptor is no socket. */
  readonly facts: SocketFacts | undefined;
}

export interface Matches {
  readonly taken: ReadonlyMap<ListenerSpec, GivenSocket>;
  /** The sockets that no option names, in their order. */
  readonly left: readonly GivenSocket[];
}

/** How well a socket fits. The best fit of all is taken first, whatever the order of the sockets is. */
type Fit = (spec: ListenerSpec, facts: SocketFacts, name: string) => boolean;

/** `whole` gives the same path for all that lead to one place. Host names of specs have been looked up. */
export function matchSockets(
  specs: readonly ListenerSpec[],
  given: readonly GivenSocket[],
  whole: (path: string) => string,
): Matches {
  const isThere: Fit = (spec, facts) =>
    spec.kind === 'unix' ? isAtPath(spec.path, facts, whole) : isAtAddress(spec, facts);
  const taken = new Map<ListenerSpec, GivenSocket>();
  const left = new Set(given);
  for (const fits of [isThere, isOfBothFamilies, isWhatWasChosen]) {
    for (const spec of specs.filter((one) => !taken.has(one))) {
      const found = [...left].find(({ facts, name }) => facts !== undefined && fits(spec, facts, name));
      if (found === undefined) continue;
      taken.set(spec, found);
      left.delete(found);
    }
  }
  return { taken, left: [...left] };
}

function isAtPath(path: string, facts: SocketFacts, whole: (path: string) => string): boolean {
  if (facts.family !== 'unix' || facts.type !== 'stream' || !facts.isListening || facts.address === '') return false;
  return facts.address === path || whole(facts.address) === whole(path);
}

function isAtAddress(spec: InternetListenerSpec, facts: SocketFacts): boolean {
  const isSame = spec.family === facts.family && spec.port === facts.port;
  return isSame && isOfKind(spec, facts) && isSameAddress(facts.address, spec.address);
}

/** The socket that systemd makes of `ListenStream=8080`: it serves IPv4, too, and keeps every other one from its port. */
const isOfBothFamilies: Fit = (spec, facts) =>
  spec.kind !== 'unix' &&
  spec.address === '0.0.0.0' &&
  spec.port === facts.port &&
  facts.family === 'inet6' &&
  facts.address === '::' &&
  !facts.isOnlyV6 &&
  isOfKind(spec, facts);

/** For port 0 the system has chosen a port, and it stays the same after a restart. */
const isWhatWasChosen: Fit = (spec, facts, name) =>
  spec.kind !== 'unix' &&
  spec.port === 0 &&
  name === storedName(spec) &&
  isAtAddress({ ...spec, port: facts.port }, facts);

function isOfKind({ kind }: InternetListenerSpec, { type, isListening }: SocketFacts): boolean {
  return kind === 'udp' ? type === 'datagram' : type === 'stream' && isListening;
}

/** Whether a start_server has left it in the manager's store. All others are the manager's own. */
export function isOurOwn({ name }: GivenSocket): boolean {
  return isStored(name);
}

/** The option that would name the socket, such as `--port=[::1]:8080`; undefined where no option can. */
export function optionFor({ facts }: GivenSocket): string | undefined {
  if (facts === undefined || facts.address === '') return undefined;
  const { family, type, address, port, isListening } = facts;
  if (type === 'other' || (type === 'stream' && !isListening)) return undefined;
  const number = `${type === 'datagram' ? 'u' : ''}${String(port)}`;
  switch (family) {
    case 'unix':
      return type === 'stream' && !address.startsWith('@') ? `--path=${address}` : undefined;
    case 'inet':
      return `--port=${address === '0.0.0.0' ? '' : `${address}:`}${number}`;
    case 'inet6':
      return `--port=${address === '::' && !facts.isOnlyV6 ? '' : `[${address}]:`}${number}`;
    case 'other':
      return undefined;
  }
}
