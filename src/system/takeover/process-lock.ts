import { closeSync, constants, openSync } from 'node:fs';
import { addon } from '../engine/addon.js';
import { procOfOurPids } from '../processes/proc.js';

/**
 * Keeps others from taking over from the same process at the same time: a lock of the file of its environment, which only
 * those may open who may take its sockets.
 */
export class ProcessLock {
  private constructor(private descriptor: number | undefined) {}

  /** Undefined while another process has the lock. Throws what the system refuses. */
  static tryTake(pid: number): ProcessLock | undefined {
    const descriptor = openSync(`${procOfOurPids() ?? ''}/${String(pid)}/environ`, constants.O_RDONLY);
    if (addon.tryLock(descriptor)) return new ProcessLock(descriptor);
    closeSync(descriptor);
    return undefined;
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}
