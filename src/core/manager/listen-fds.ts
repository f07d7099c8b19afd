/** The sockets of workers as systemd hands them down: descriptors from 3 up without a gap, told by LISTEN_FDS. */
import { assignDescriptors, type ListenerSpec } from '../command-line/port-spec.js';
import { usageFailure } from '../text/exit-codes.js';
import { failures } from '../text/failures.js';
import type { Result } from '../loop/types.js';
import type { GivenDescriptor } from './manager-environment.js';
import { isStored, socketName } from './socket-names.js';

/** What every worker gets beside the sockets of `--port` and `--path`. */
export interface ListenFds {
  readonly variables: ReadonlyMap<string, string>;
  /** The variable that is to have the pid of the worker; absent where there are no sockets, as under systemd. */
  readonly pidVariable?: 'LISTEN_PID';
  /** Sockets that no option names: what is open as `from` here is `to` in workers. */
  readonly descriptors: readonly (readonly [from: number, to: number])[];
}

export const noListenFds: ListenFds = { variables: new Map(), descriptors: [] };

const first = 3;

/**
 * `nameOf` is what the service manager calls the socket of a spec, undefined for one of ours. `unnamed` are those that no
 * option names, `inherited` other descriptors that workers get.
 */
export function planListenFds(
  specs: readonly ListenerSpec[],
  nameOf: (spec: ListenerSpec) => string | undefined,
  unnamed: readonly GivenDescriptor[],
  inherited: ReadonlySet<number>,
): Result<ListenFds> {
  const named = assignDescriptors(specs, inherited).map(({ spec, number }) => {
    const given = nameOf(spec);
    return { number, name: given === undefined || isStored(given) ? socketName(spec) : given };
  });
  const used = new Set([...inherited, ...named.map(({ number }) => number)]);
  const more = unnamed.map(({ descriptor, name }) => {
    const number = lowestBeside(used);
    used.add(number);
    return { descriptor, number, name };
  });
  const sockets = [...named, ...more].sort((one, other) => one.number - other.number);
  const gap = gapIn(
    sockets.map(({ number }) => number),
    inherited,
  );
  if (gap !== undefined) return usageFailure(gap);
  if (sockets.length === 0) return { ok: true, value: noListenFds };
  const variables = new Map([
    ['LISTEN_PID', ''],
    ['LISTEN_FDS', String(sockets.length)],
    ['LISTEN_FDNAMES', sockets.map(({ name }) => name).join(':')],
  ]);
  const descriptors = more.map(({ descriptor, number }) => [descriptor, number] as const);
  return { ok: true, value: { variables, pidVariable: 'LISTEN_PID', descriptors } };
}

/** The same sockets for another command line: `heldAs` is the number that the socket of a spec has so far. */
export function listAgain(
  { variables, descriptors }: ListenFds,
  specs: readonly ListenerSpec[],
  heldAs: (spec: ListenerSpec) => number | undefined,
  inherited: ReadonlySet<number>,
): Result<ListenFds> {
  const names = (variables.get('LISTEN_FDNAMES') ?? '').split(':');
  const nameOf = (number: number | undefined) => (number === undefined ? undefined : names[number - first]);
  const unnamed = descriptors.map(([descriptor, number]) => ({ descriptor, name: nameOf(number) ?? '' }));
  return planListenFds(specs, (spec) => nameOf(heldAs(spec)), unnamed, inherited);
}

function lowestBeside(used: ReadonlySet<number>): number {
  for (let number = first; ; number += 1) if (!used.has(number)) return number;
}

/** Why LISTEN_FDS cannot tell descriptors with these numbers in this order; undefined where it can. */
function gapIn(numbers: readonly number[], inherited: ReadonlySet<number>): string | undefined {
  const last = first + numbers.length - 1;
  const beyond = numbers.find((number, index) => number !== first + index);
  if (beyond === undefined) return undefined;
  const inTheWay = [...inherited].find((number) => number >= first && number <= last && !numbers.includes(number));
  if (inTheWay !== undefined) return failures.beforeListenFds(inTheWay);
  return failures.beyondListenFds(numbers.find((number) => number < first || number > last) ?? beyond, first, last);
}
