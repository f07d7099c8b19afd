import { closeSync, constants, openSync, readSync } from 'node:fs';
import { addon } from '../engine/addon.js';
import { isSystemError } from '../engine/system-error.js';
import { wait } from '../processes/process.js';
import type { Notifier } from './notifier.js';

/** Milliseconds between two looks, and how many looks there are. */
const pace = 5;
const looks = 1000;

/** Waits until the service manager has acted on all that was sent, which it tells by closing a pipe; not without end. */
export async function passBarrier(notifier: Notifier): Promise<void> {
  const [reading, writing] = addon.pipe();
  const looking = openSync(`/proc/self/fd/${String(reading)}`, constants.O_RDONLY | constants.O_NONBLOCK);
  closeSync(reading);
  notifier.send('BARRIER=1', [writing]);
  for (let look = 0; look < looks && notifier.isWaiting; look += 1) await wait(pace);
  closeSync(writing);
  for (let look = 0; look < looks && !isAtEnd(looking); look += 1) await wait(pace);
  closeSync(looking);
}

function isAtEnd(descriptor: number): boolean {
  try {
    return readSync(descriptor, Buffer.alloc(1)) === 0;
  } catch (error) {
    if (isSystemError(error) && error.code === 'EAGAIN') return false;
    throw error;
  }
}
