/** Descriptors that stay open when this process becomes another program. */

/** Adds a descriptor, and gives it back. */
export type Keep = (descriptor: number) => number;

export class Kept {
  readonly #descriptors = new Set<number>();

  readonly keep: Keep = (descriptor) => {
    this.#descriptors.add(descriptor);
    return descriptor;
  };

  get all(): number[] {
    return [...this.#descriptors];
  }
}
