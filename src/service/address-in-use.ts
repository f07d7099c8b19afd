/** An address that another process has: who that is, in the words of the failure. */
import { addressBytes } from '../core/command-line/address.js';
import type { AddressHolder } from '../core/text/failures.js';
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import { socketsInTheWayOf, type Binding } from '../system/sockets/bound-sockets.js';
import { holdersAmong, topmost } from '../system/sockets/holders.js';
import { nameOf } from '../system/processes/process-role.js';
import { ProcessTable } from '../system/processes/process-table.js';

/** Thrown where a socket cannot be opened because its address is in use. Its holders are looked up for the message only. */
export class AddressInUse extends Error {
  constructor(
    private readonly spec: ListenerSpec,
    private readonly say: (holders: readonly AddressHolder[]) => string,
    override readonly cause?: unknown,
  ) {
    super(`${spec.key} is in use`);
  }

  told(): string {
    return this.say(holdersOf(this.spec));
  }
}

/** Where its socket is bound; undefined while its address is not known, or the system chooses the port. */
export function bindingOf(spec: ListenerSpec): Binding | undefined {
  if (spec.kind === 'unix') return { kind: 'unix', path: spec.path };
  const { kind, address, port } = spec;
  return address === undefined || port === 0 ? undefined : { kind, address: addressBytes(address), port };
}

/** The processes that have the address, as far as the system tells; servers, and not what these have forked. */
function holdersOf(spec: ListenerSpec): AddressHolder[] {
  const place = bindingOf(spec);
  const sockets = new Set(place === undefined ? [] : socketsInTheWayOf(place));
  if (sockets.size === 0) return [];
  const table = ProcessTable.read();
  const holders = topmost(holdersAmong(table.pids, sockets), table);
  return holders.map(({ pid }) => ({ pid, name: nameOf(pid), isOurs: pid === process.pid }));
}
