/** Waits without letting anything else happen; for the few milliseconds that somebody else needs to finish. */
export function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
