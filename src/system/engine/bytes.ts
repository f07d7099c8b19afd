/**
 * A byte string in the form in which `node:fs` takes paths and data without changing a byte. It has memory of its own:
 * Buffer.from would cut it out of a pool of 8 kB, which the lines of some forty generations use up. By then the pool
 * counts as old, and V8 frees old memory of this kind only when there are tens of megabytes of it.
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

/** A byte string as text of JavaScript's own; bytes that are not UTF-8 are replaced. */
export function text(byteString: string): string {
  return bytes(byteString).toString('utf8');
}
