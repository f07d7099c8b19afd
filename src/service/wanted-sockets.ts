/** Which sockets that others have open are as good as one that a spec asks for. */
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import { socketsAt } from '../system/sockets/bound-sockets.js';
import { bindingOf } from './address-in-use.js';

export interface WantedSockets {
  readonly spec: ListenerSpec;
  /** Inodes of the sockets that are bound to exactly this place; several may share it by SO_REUSEPORT. */
  readonly exact: readonly string[];
  /** Inodes of sockets for all IPv6 addresses. They may serve all of IPv4, too; then nothing can be bound beside them. */
  readonly perhaps: readonly string[];
}

/** Host names have been looked up. */
export function wantedSockets(spec: ListenerSpec): WantedSockets {
  const place = bindingOf(spec);
  if (place === undefined) return { spec, exact: [], perhaps: [] };
  const isForAll = place.kind !== 'unix' && place.address.length === 4 && place.address.every((byte) => byte === 0);
  const perhaps = isForAll ? socketsAt({ ...place, address: Array.from({ length: 16 }, () => 0) }) : [];
  return { spec, exact: socketsAt(place), perhaps };
}

/** The inodes of all of them. */
export function inodesOf({ exact, perhaps }: WantedSockets): string[] {
  return [...exact, ...perhaps];
}
