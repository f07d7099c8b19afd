import { closeSync } from 'node:fs';

/** Closes a descriptor that nobody else knows of. */
export function closeDescriptor(descriptor: number): void {
  closeSync(descriptor);
}
