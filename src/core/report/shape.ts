/** Readers of data whose shape is not known yet: each gives the value in the shape it is for, or throws. */

/** `at` is where the value stands, as `state.phase.name`. Throws `Misshapen`. */
export type Reader<T> = (value: unknown, at: string) => T;

/** What a reader gives. */
export type Shaped<R> = R extends Reader<infer T> ? T : never;

export class Misshapen extends Error {}

/** JSON has no infinity, but reads `1e400` as one. */
export const number: Reader<number> = (value, at) => (Number.isFinite(value) ? Number(value) : wrong(at, 'a number'));

/** Of a process that somebody has forked: a signal to 0 or less would reach many, and 1 is nobody's child. */
export const pid = whole('the id of a process', 2);

/** Of a process that may be the first one, as a superdaemon is in a container. */
export const anyPid = whole('the id of a process', 1);

export const descriptor = whole('a descriptor', 0);

/** A number without a fraction; `what` it is says the message. */
export function whole(what: string, lowest: number, highest = 2 ** 31 - 1): Reader<number> {
  return (value, at) => {
    const isRight = Number.isInteger(value) && Number(value) >= lowest && Number(value) <= highest;
    return isRight ? Number(value) : wrong(at, what);
  };
}

export const text: Reader<string> = (value, at) => (typeof value === 'string' ? value : wrong(at, 'a text'));

/** A text that the system can be given: each character stands for a byte, and none for the one that ends a word. */
export const byteText: Reader<string> = (value, at) =>
  typeof value === 'string' && /^[\x01-\xff]*$/.test(value) ? value : wrong(at, 'a text of bytes');

export const flag: Reader<boolean> = (value, at) => (typeof value === 'boolean' ? value : wrong(at, 'true or false'));

export function word<const W extends string>(...words: readonly W[]): Reader<W> {
  return (value, at) => words.find((each) => each === value) ?? wrong(at, words.join(' or '));
}

/** Reads a value that may be absent. */
export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value, at) => (value === undefined ? undefined : reader(value, at));
}

export function list<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value, at) =>
    Array.isArray(value) ? value.map((each, index) => reader(each, `${at}[${String(index)}]`)) : wrong(at, 'a list');
}

type Readers = Readonly<Record<string, Reader<unknown>>>;
type Optional<R extends Readers> = { [K in keyof R]: undefined extends Shaped<R[K]> ? K : never }[keyof R];

/** A member that may be absent is optional in the type, too. */
export type RecordOf<R extends Readers> = {
  readonly [K in Exclude<keyof R, Optional<R>>]: Shaped<R[K]>;
} & { readonly [K in Optional<R>]?: Exclude<Shaped<R[K]>, undefined> };

/** Members that are not named here are left out: a newer writer may have them. */
export function record<R extends Readers>(readers: R): Reader<RecordOf<R>> {
  return (value, at) => {
    const found = members(value, at);
    const read = Object.entries(readers).map(([name, reader]) => [name, reader(found[name], `${at}.${name}`)] as const);
    return Object.fromEntries(read.filter(([, one]) => one !== undefined)) as RecordOf<R>;
  };
}

/** Records that are told apart by the word that stands in `key`. */
export function oneOf<const K extends string, R extends Readonly<Record<string, Readers>>>(
  key: K,
  kinds: R,
): Reader<{ [W in keyof R]: Readonly<Record<K, W>> & RecordOf<R[W]> }[keyof R]> {
  return (value, at) => {
    const kind = text(members(value, at)[key], `${at}.${key}`);
    const readers = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (readers === undefined) return wrong(`${at}.${key}`, Object.keys(kinds).join(' or '));
    return { [key]: kind, ...record(readers)(value, at) } as never;
  };
}

function members(value: unknown, at: string): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : wrong(at, 'a record');
}

function wrong(at: string, expected: string): never {
  throw new Misshapen(`${at} is not ${expected}`);
}
