/**
 * A byte string as `node:fs` takes paths and data without changing a byte, in memory of its own. Buffer.from cuts it out of
 * a pool of 8 kB, which the lines of some forty generations use up; by then it counts as old, and V8 keeps old memory of
 * this kind until there are tens of megabytes of it.
 */
export function bytes(text: string): Buffer {
  const buffer = Buffer.alloc(text.length);
  buffer.write(text, 'latin1');
  return buffer;
}

/** Text of JavaScript's own (UTF-16) as a byte string. */
export function byteString(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** A byte string as text of JavaScript's own; what is no UTF-8 is replaced. */
export function text(byteString: string): string {
  return bytes(byteString).toString('utf8');
}
