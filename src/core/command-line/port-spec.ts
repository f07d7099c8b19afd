/** What `--port` and `--path` ask for, and which descriptors the sockets get in the worker. */
import { isIpv6, mayResolve, numericAddress } from './address.js';
import { unableFailure, type Failure } from '../text/exit-codes.js';
import { failures } from '../text/failures.js';
import { quoted } from '../text/quoted.js';
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
  readonly fixed: undefined;
}

export type ListenerSpec = InternetListenerSpec | UnixListenerSpec;

const blank = '[ \\t\\n\\r\\f\\v]*';
const onlyBlanks = new RegExp(`^${blank}$`);
const leadingBlanks = new RegExp(`^${blank}`);
const leadingBracket = new RegExp(`^\\[${blank}`);

/** What follows the last colon; blanks may stand anywhere but after `=`. */
const portGrammar = new RegExp(`^${blank}(?<udp>u?)(?<port>\\d+)(?:${blank}=(?<fixed>\\d+))?${blank}$`);

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
  if (Number(port) > 65535) return invalidPort(text, 'a port is a number from 0 to 65535');
  const place = placeOf(text, host);
  if (!place.ok) return place;
  return {
    ok: true,
    value: {
      ...place.value,
      kind: udp === 'u' ? 'udp' : 'tcp',
      port: Number(port),
      key: keyOf(host, port),
      fixed: fixed === undefined ? undefined : { number: Number(fixed), text: fixed },
    },
  };
}

type Place = Pick<InternetListenerSpec, 'family' | 'host' | 'address'>;

function placeOf(text: string, host: string | undefined): Result<Place> {
  if (host === undefined) return { ok: true, value: { family: 'inet', host, address: '0.0.0.0' } };
  if (host.includes(':')) {
    if (isIpv6(host)) return { ok: true, value: { family: 'inet6', host, address: host } };
    return invalidPort(text, `${quoted(host)} is not an IPv6 address`, 'give one as in [::1]:8080');
  }
  if (/[;=]/.test(host))
    return invalidPort(text, `a host must not contain ";" or "=", ${unreadable}`, 'give its address');
  const address = numericAddress(host);
  if (address === undefined && !mayResolve(host)) return unresolvable(host);
  return { ok: true, value: { family: 'inet', host, address } };
}

function keyOf(host: string | undefined, port: string): string {
  if (host === undefined) return port;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

const unreadable = 'since no worker could read it back from SERVER_STARTER_PORT';

function invalidPort(...what: Parameters<typeof failures.invalidPort>): Refusal {
  return unableFailure(failures.invalidPort(...what));
}

interface Refusal {
  readonly ok: false;
  readonly error: Failure;
}

function unresolvable(host: string): Refusal {
  const reason = host === '' ? 'the host is empty' : `${quoted(host)} is neither a host name nor an IPv4 address`;
  return unableFailure(failures.unresolvable(host, reason));
}

/** Reads the value of a `--path`. `longest`: how many bytes the system's sun_path holds, 108 on Linux, 104 on macOS. */
export function parsePathSpec(path: string, longest: number): Result<ListenerSpec> {
  const invalid = (reason: string, remedy: string) => unableFailure(failures.invalidPath(path, reason, remedy));
  // The original binds an abstract name of 107 NULs for it, which no client could ever find.
  if (path === '') return invalid('it is empty', 'give the name of a file');
  if (/[;=]/.test(path)) return invalid(`it must not contain ";" or "=", ${unreadable}`, 'give another name');
  if (path.length > longest) {
    return invalid(
      `${String(path.length)} bytes are too long for a unix socket, the system takes ${String(longest)}`,
      'give a shorter path, a relative one for instance',
    );
  }
  return { ok: true, value: { kind: 'unix', family: 'unix', path, key: path, fixed: undefined } };
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

/**
 * The number of every socket in the worker, in the order of `specs`: fixed ones as asked, the others the lowest from 3
 * up that are neither fixed nor `taken` by an inherited descriptor. (The original starts at 4, where Perl's script is
 * open on 3, and silently replaces an earlier socket by a fixed one of the same number.)
 */
export function assignDescriptors(specs: readonly ListenerSpec[], taken: ReadonlySet<number>): number[] {
  const used = new Set(taken);
  for (const { fixed } of specs) if (fixed !== undefined) used.add(fixed.number);
  let lowest = 3;
  return specs.map(({ fixed }) => {
    if (fixed !== undefined) return fixed.number;
    while (used.has(lowest)) lowest++;
    return lowest++;
  });
}

/** The variable that tells the worker about its sockets: `8080=3;/tmp/app.sock=4`, empty where there are none. */
export function serverStarterPort(specs: readonly ListenerSpec[], numbers: readonly number[]): string {
  return specs.map(({ key, fixed }, index) => `${key}=${fixed?.text ?? String(numbers[index])}`).join(';');
}
