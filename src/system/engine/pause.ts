/** Waits, and lets nothing else in this process happen; for the few milliseconds that another process needs to finish. */
export function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
