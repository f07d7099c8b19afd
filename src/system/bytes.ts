/** A byte string as `node:fs` takes paths and data without changing a byte. */
export function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** Text of JavaScript's own (UTF-16) as a byte string. */
export function byteString(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** A byte string as text of JavaScript's own; what is no UTF-8 is replaced. */
export function text(byteString: string): string {
  return bytes(byteString).toString('utf8');
}
