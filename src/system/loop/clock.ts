/** Monotonic milliseconds, the same for every process and every image of the machine. */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime(); // `performance` would load a module, a millisecond of the start
  return seconds * 1000 + nanoseconds / 1e6;
}

/** The local time for people: `2026-11-28 04:16:01`. */
export function timeOfDay(): string {
  const date = new Date();
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return `${day.map(twoDigits).join('-')} ${time.map(twoDigits).join(':')}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
