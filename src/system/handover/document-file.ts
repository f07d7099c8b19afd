/** The document that one image leaves to the next, in a file that has no name. */
import { closeSync, fstatSync, readSync } from 'node:fs';
import { addon } from '../engine/addon.js';
import { bytes } from '../engine/bytes.js';

/** Gives its descriptor; throws what the system refuses. */
export function writeDocument(encoded: string): number {
  return addon.memoryFile('superdaemon handover', bytes(encoded));
}

/** Reads the document, and closes the descriptor. The file's position is not changed: others may have it open, too. */
export function readDocument(descriptor: number): string {
  const buffer = Buffer.alloc(fstatSync(descriptor).size);
  let length = 0;
  for (let part = 1; part > 0 && length < buffer.length; length += part)
    part = readSync(descriptor, buffer, length, buffer.length - length, length);
  closeSync(descriptor);
  return buffer.toString('latin1', 0, length);
}
