/**
 * Which texts are addresses, by the rules of the C library that the original asks: inet_pton for IPv6, and for a host
 * without a colon gethostbyname, which takes less than inet_aton and getaddrinfo do.
 */

/** Whether inet_pton(3) accepts this as IPv6: no brackets, no zone, no blanks. */
export function isIpv6(text: string): boolean {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return false;
  if (tail === undefined) return groupCount(head, true) === 8;
  const before = head === '' ? 0 : groupCount(head, false);
  const after = tail === '' ? 0 : groupCount(tail, true);
  // A "::" stands for one group at least. NaN compares as false.
  return before + after <= 7;
}

/** The number of 16-bit groups, NaN where one of them is something else. A dotted quad at the end counts for two. */
function groupCount(text: string, mayEndInQuad: boolean): number {
  const parts = text.split(':');
  const last = parts.at(-1) ?? '';
  const quad = mayEndInQuad && isDottedQuad(last);
  const groups = quad ? parts.slice(0, -1) : parts;
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? parts.length + (quad ? 1 : 0) : NaN;
}

function isDottedQuad(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** The four or sixteen bytes of a numeric address, in the order of the network; it has to be one. */
export function addressBytes(address: string): number[] {
  if (!address.includes(':')) return address.split('.').map(Number);
  const [head = '', tail] = address.split('::');
  const [before, after] = [groupBytes(head), groupBytes(tail ?? '')];
  return [...before, ...new Array<number>(16 - before.length - after.length).fill(0), ...after];
}

/** Whether two numeric addresses are one: `::1` can be written in many ways. One that is not known is no other one. */
export function isSameAddress(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && addressBytes(one).join() === addressBytes(other).join();
}

function groupBytes(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const number = parseInt(group, 16);
    return [number >> 8, number & 0xff];
  });
}

/**
 * The IPv4 address that gethostbyname(3) reads from digits and dots, as a dotted quad: `127.1` -> `127.0.0.1`, `0` ->
 * `0.0.0.0`, `010.0.0.1` -> `8.0.0.1` (a leading 0 means octal). Undefined for anything else, hexadecimal too.
 */
export function numericAddress(host: string): string | undefined {
  const parts = host.split('.').map(wholeNumber);
  const last = parts.pop() ?? NaN;
  if (parts.length > 3 || !parts.every((part) => part <= 255)) return undefined;
  const remaining = 4 - parts.length;
  if (!(last < 256 ** remaining)) return undefined;
  const bytes = Array.from(
    { length: remaining },
    (_, index) => Math.floor(last / 256 ** (remaining - 1 - index)) % 256,
  );
  return [...parts, ...bytes].join('.');
}

/** NaN for anything but a decimal or octal number, and a comparison with NaN is false. */
function wholeNumber(text: string): number {
  if (/^0[0-7]*$/.test(text)) return parseInt(text, 8);
  return /^[1-9]\d*$/.test(text) ? Number(text) : NaN;
}

/**
 * Whether a host that is no numeric address is worth a look-up. The rest is what gethostbyname refuses without asking
 * or what a resolver would take for an address though gethostbyname does not (`0x7f000001`).
 */
export function mayResolve(host: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(host)) return false;
  if (/^\d[\d.]*$/.test(host) && !host.endsWith('.')) return false;
  return !host.split('.').every((part) => /^(?:0x[0-9a-f]+|\d+)$/i.test(part));
}
