import { closeSync } from 'node:fs';

/** Closes a descriptor that nobody else knows of. */
export function closeDescriptor(descriptor: number): void {
  closeSync(descriptor);
}

/** Descriptors that are opened one after the other, so that none stays open where a later one is refused. */
export class Descriptors {
  readonly #held: number[] = [];

  /** Adds one, and gives it back. */
  hold(descriptor: number): number {
    this.#held.push(descriptor);
    return descriptor;
  }

  close(): void {
    for (const descriptor of this.#held.splice(0)) closeSync(descriptor);
  }
}
