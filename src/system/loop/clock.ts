/** Monotonic milliseconds, the same for every process and every image of the machine. */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime(); // `performance` would load a module, a millisecond of the start
  return seconds * 1000 + nanoseconds / 1e6;
}

/** A moment of `now()`, in seconds since 1970 to the millisecond, as the clock of the wall has it at present. */
export function timeOf(moment: number): number {
  return Math.round(Date.now() + moment - now()) / 1000;
}

/** The local time with its offset, as RFC 3339 has it: `2026-11-28T04:16:01.123+01:00`. */
export function timestamp(date = new Date()): string {
  const offset = -date.getTimezoneOffset();
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map(twoDigits);
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
  return `${local}${offset < 0 ? '-' : '+'}${String(hours)}:${String(minutes)}`;
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
