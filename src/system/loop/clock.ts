/** Monotonic milliseconds, the same for every process and every image of the machine. */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime(); // `performance` would load a module, a millisecond of the start
  return seconds * 1000 + nanoseconds / 1e6;
}
