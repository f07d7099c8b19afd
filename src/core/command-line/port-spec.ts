/** What `--port` and `--path` ask for, and which descriptors the sockets get in the worker. */
import { isIpv6, mayResolve, numericAddress } from './address.js';
import { unableFailure, type Failure } from '../text/exit-codes.js';
import { failures } from '../text/failures.js';
import { hostFaults, pathFaults, portFaults } from '../text/faults.js';
import type { Result } from '../loop/types.js';

/** A descriptor number the operator asked for; the text is what the log and the worker see (`04`). */
export interface FixedDescriptor {
  readonly number: number;
  readonly text: string;
}

export interface InternetListenerSpec {
  readonly kind: 'tcp' | 'udp';
  readonly family: 'inet' | 'inet6';
  /** As typed, without brackets; undefined where only a port was given. */
  readonly host: string | undefined;
  /** Numeric, ready to be bound; undefined while `host` has to be looked up (IPv4 only, as the original does). */
  readonly address: string | undefined;
  readonly port: number;
  /** The name in SERVER_STARTER_PORT and in the log. It does not tell UDP from TCP. */
  readonly key: string;
  readonly fixed: FixedDescriptor | undefined;
}

export interface UnixListenerSpec {
  readonly kind: 'unix';
  readonly family: 'unix';
  readonly path: string;
  readonly key: string;
  readonly fixed: FixedDescriptor | undefined;
}

export type ListenerSpec = InternetListenerSpec | UnixListenerSpec;

/** What `--port` and `--path` ask for, as far as it makes sense, and what does not. */
export interface ListenerSpecs {
  readonly specs: readonly ListenerSpec[];
  readonly mistakes: readonly Failure[];
}

const blank = '[ \\t\\n\\r\\f\\v]*';
const onlyBlanks = new RegExp(`^${blank}$`);
const leadingBlanks = new RegExp(`^${blank}`);
const leadingBracket = new RegExp(`^\\[${blank}`);

/** What follows the last colon; blanks may stand anywhere but after `=`. */
const portGrammar = new RegExp(`^${blank}(?<udp>u?)(?<port>\\d+)(?:${blank}=(?<fixed>\\d+))?${blank}$`);

/** A path has no `=`: nobody could read it back from SERVER_STARTER_PORT. */
const pathGrammar = /^(?<path>[^=]+)=(?<fixed>\d+)$/s;

/**
 * A host ends at the last colon, and its brackets need not balance. Read piece by piece: as one expression, like the
 * original's, some thousand blanks take minutes.
 */
function fieldsOf(text: string) {
  const colon = text.lastIndexOf(':');
  const { udp, port, fixed } = portGrammar.exec(text.slice(colon + 1))?.groups ?? {};
  if (port === undefined) return undefined;
  if (colon < 0) return { host: undefined, udp, port, fixed };
  const inside = text.slice(0, colon).replace(leadingBlanks, '').replace(leadingBracket, '');
  const [host = '', after = '', ...more] = inside.split(']');
  return more.length === 0 && onlyBlanks.test(after) ? { host, udp, port, fixed } : undefined;
}

/**
 * Reads the value of a `--port`: `[u]PORT[=FD]` or `HOST:[u]PORT[=FD]`. A failure has exit code 255 and begins with the
 * original's words.
 */
export function parsePortSpec(text: string): Result<ListenerSpec> {
  const fields = fieldsOf(text);
  if (fields === undefined) return invalidPort(text);
  const { host, udp, port, fixed } = fields;
  if (Number(port) > 65535) return invalidPort(text, portFaults.tooHigh());
  const place = placeOf(text, host);
  if (!place.ok) return place;
  return {
    ok: true,
    value: {
      ...place.value,
      kind: udp === 'u' ? 'udp' : 'tcp',
      port: Number(port),
      key: keyOf(host, port),
      fixed: fixedBy(fixed),
    },
  };
}

function fixedBy(text: string | undefined): FixedDescriptor | undefined {
  return text === undefined ? undefined : { number: Number(text), text };
}

type HostPlace = Pick<InternetListenerSpec, 'family' | 'host' | 'address'>;

function placeOf(text: string, host: string | undefined): Result<HostPlace> {
  if (host === undefined) return { ok: true, value: { family: 'inet', host, address: '0.0.0.0' } };
  if (host.includes(':')) {
    if (isIpv6(host)) return { ok: true, value: { family: 'inet6', host, address: host } };
    return invalidPort(text, portFaults.noIpv6(host));
  }
  if (/[;=]/.test(host)) return invalidPort(text, portFaults.unreadable());
  const address = numericAddress(host);
  if (address === undefined && !mayResolve(host)) return unresolvable(host);
  return { ok: true, value: { family: 'inet', host, address } };
}

function keyOf(host: string | undefined, port: string): string {
  if (host === undefined) return port;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function invalidPort(...what: Parameters<typeof failures.invalidPort>) {
  return unableFailure(failures.invalidPort(...what));
}

function unresolvable(host: string) {
  return unableFailure(failures.unresolvable(host, host === '' ? hostFaults.empty() : hostFaults.noName(host)));
}

/** Reads the value of a `--path`: `PATH[=FD]`. `longest`: how many bytes the system's sun_path holds, 108 on Linux, 104 on macOS. */
export function parsePathSpec(text: string, longest: number): Result<ListenerSpec> {
  const { path = text, fixed } = pathGrammar.exec(text)?.groups ?? {};
  // The original binds an abstract name of 107 NULs for it, which no client could ever find.
  const fault =
    (path === '' && pathFaults.empty()) ||
    (/[;=]/.test(path) && pathFaults.unreadable()) ||
    (path.length > longest && pathFaults.tooLong(path.length, longest));
  if (fault) return unableFailure(failures.invalidPath(text, fault));
  return { ok: true, value: { kind: 'unix', family: 'unix', path, key: path, fixed: fixedBy(fixed) } };
}

/**
 * Reads all values of `--port` and `--path`, ports first as the worker finds them; the first that makes no sense is the
 * failure.
 */
export function parseListenerSpecs(
  ports: readonly string[],
  paths: readonly string[],
  longestPath: number,
): ListenerSpecs {
  const read = [...ports.map(parsePortSpec), ...paths.map((path) => parsePathSpec(path, longestPath))];
  return {
    specs: read.flatMap((spec) => (spec.ok ? [spec.value] : [])),
    mistakes: read.flatMap((spec) => (spec.ok ? [] : [spec.error])),
  };
}

/**
 * Looks at all specs together before anything is bound. The value is a list of warnings, one line each. `softNofile` is
 * the soft descriptor limit that the worker will have.
 */
export function checkListenerSpecs(specs: readonly ListenerSpec[], softNofile: number): Result<readonly string[]> {
  const holders = new Map<number, ListenerSpec>();
  for (const spec of specs) {
    if (spec.fixed === undefined) continue;
    const { number, text } = spec.fixed;
    if (number >= softNofile) {
      return { ok: false, error: { message: failures.descriptorTooHigh(text, softNofile), exitCode: badDescriptor } };
    }
    const other = holders.get(number);
    if (other !== undefined) {
      return unableFailure(failures.sameDescriptor(number, other.key, spec.key));
    }
    holders.set(number, spec);
  }
  const paths = specs.flatMap((spec) => (spec.kind === 'unix' ? [spec.path] : []));
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) return unableFailure(failures.samePath(twice));
  return { ok: true, value: sharedKeys(specs).map(failures.sameKey) };
}

/** EBADF, alike on Linux and macOS. */
const badDescriptor = 9;

function sharedKeys(specs: readonly ListenerSpec[]): string[] {
  const keys = specs.map((spec) => spec.key);
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))];
}

/** A spec with the number that the descriptor of its socket has in workers. */
export interface Numbered {
  readonly spec: ListenerSpec;
  readonly number: number;
}

/**
 * Gives every socket its number in the worker: fixed ones as asked, the others the lowest from 3
 * up that are neither fixed nor `taken` by an inherited descriptor. (The original starts at 4, where Perl's script is
 * open on 3, and silently replaces an earlier socket by a fixed one of the same number.)
 */
export function assignDescriptors(specs: readonly ListenerSpec[], taken: ReadonlySet<number>): Numbered[] {
  const used = new Set(taken);
  for (const { fixed } of specs) if (fixed !== undefined) used.add(fixed.number);
  let lowest = 3;
  return specs.map((spec) => {
    if (spec.fixed !== undefined) return { spec, number: spec.fixed.number };
    while (used.has(lowest)) lowest++;
    return { spec, number: lowest++ };
  });
}

/** The variable that tells the worker about its sockets: `8080=3;/tmp/app.sock=4`, empty where there are none. */
export function serverStarterPort(sockets: readonly Numbered[]): string {
  return sockets.map(({ spec: { key, fixed }, number }) => `${key}=${fixed?.text ?? String(number)}`).join(';');
}
