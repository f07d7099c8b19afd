/** A start after a superdaemon was killed: its workers hold the sockets until they are told to end. */
import { messages } from '../core/messages.js';
import { StarterError } from '../core/starter-error.js';
import type { Signal } from '../core/types.js';
import { leftWorkers } from '../system/left-workers.js';
import { addressInUse } from '../system/platform.js';
import type { PosixKernel } from '../system/posix-kernel.js';
import { wait, type OtherProcess } from '../system/process.js';
import { readStatusFile } from '../system/status-file.js';

/** An address that is still in use is tried again every so many milliseconds, so often. */
const pace = 10;
const tries = 3000;

export class LeftWorkers {
  #processes: readonly OtherProcess[] = [];
  #isStopped = false;

  constructor(private readonly kernel: PosixKernel) {
    void kernel.stopRequested.then(() => (this.#isStopped = true));
  }

  /** Only for who holds the lock of the pid file: then the superdaemon that wrote the status file is no more. */
  end(statusFile: string, signal: Signal, say: (line: string) => void): void {
    this.#processes = leftWorkers(contentOf(statusFile));
    if (this.#processes.length === 0) return;
    say(
      messages.endingLeftWorkers(
        signal,
        this.#processes.map(({ pid }) => pid),
      ),
    );
    for (const { pid } of this.#processes) this.kernel.kill(pid, signal.number);
  }

  /**
   * Opens something whose address a worker that was told to end may hold for a while yet. Undefined when a stop signal
   * came meanwhile; throws what `open` throws.
   */
  async opened<T>(open: () => T): Promise<T | undefined> {
    for (let left = tries; !this.#isStopped; left -= 1) {
      // Asked before the try: one that ends right after it has held the address all the same.
      const mayBeHeld = left > 0 && this.#processes.some((one) => one.isAlive());
      try {
        return open();
      } catch (error) {
        if (!mayBeHeld || !(error instanceof StarterError && error.exitCode === addressInUse)) throw error;
      }
      await Promise.race([wait(pace), this.kernel.stopRequested]);
    }
    return undefined;
  }
}

function contentOf(statusFile: string): string {
  try {
    return readStatusFile(statusFile);
  } catch {
    return ''; // the usual case: a superdaemon removes it at its end
  }
}
