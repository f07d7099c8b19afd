/** A byte string as `node:fs` takes paths and data without changing a byte. */
export function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** Text of JavaScript's own (UTF-16) as a byte string. */
export function byteString(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
