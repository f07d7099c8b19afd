/** What /proc tells about a process. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Memory in MB (10^6 bytes): all that is resident, and all that is private to the process and backed by no file. */
export function memoryOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  const megabytes = (field) => (Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)[1]) * 1024) / 1e6;
  return { rss: megabytes('Rss'), anonymous: megabytes('Anonymous') };
}

export function descriptorsOf(pid) {
  return readdirSync(`/proc/${pid}/fd`).length;
}

export function threadsOf(pid) {
  return threadIdsOf(pid).length;
}

export function threadIdsOf(pid) {
  return readdirSync(`/proc/${pid}/task`);
}

/** CPU time of all threads in milliseconds; ticks of 10 ms. */
export function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Waits until a superdaemon sleeps. */
export function asleep(running) {
  return running.until('its sleep', () => readlinkSync(`/proc/${running.pid}/exe`).endsWith('/sleeper'));
}
