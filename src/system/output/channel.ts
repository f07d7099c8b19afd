/**
 * Ways to write to a descriptor that others share. None of them ever waits for a reader, since a superdaemon that waits
 * sees no signal and no death; and none changes a flag of the shared open file.
 */
import { closeSync, constants, fstat, fstatSync, openSync, write, writeSync, type Stats } from 'node:fs';
import { addon, addonFailure } from '../engine/addon.js';
import { wait } from '../processes/process.js';
import { isSystemError } from '../engine/system-error.js';

export interface Channel {
  /** How many bytes of a byte string it has taken: 0 while there is no room, undefined when nobody will ever read it. */
  take(text: string): number | undefined;
  /** Whether something that it has taken is still on its way. */
  readonly isBusy: boolean;
  close(): void;
}

/** Undefined while the descriptor is closed, or nobody reads from its other end. */
export function openChannel(descriptor: number): Channel | undefined {
  try {
    const found = fstatSync(descriptor);
    if (found.isSocket() && addonFailure === undefined) return new SocketChannel(descriptor);
    return mayBeFull(found) ? (openAgain(descriptor) ?? new ThreadChannel(descriptor)) : new FileChannel(descriptor);
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

/** Whether there may be no room: in a pipe, and at a terminal, which ^S stops. A file has room, or gives an error. */
function mayBeFull(found: Stats): boolean {
  return found.isFIFO() || found.isCharacterDevice();
}

/** An open file of our own for the same pipe or terminal; undefined where it is another user's, or there is no /proc. */
function openAgain(descriptor: number): Channel | undefined {
  if (process.platform !== 'linux') return undefined; // elsewhere /dev/fd gives the same open file again
  try {
    // O_NOCTTY: the terminal must not become the controlling one of a superdaemon that leads its session.
    const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
    return new OwnChannel(openSync(`/proc/self/fd/${String(descriptor)}`, flags));
  } catch (error) {
    // A pipe without a reader, a terminal that is gone.
    if (isSystemError(error) && ['ENXIO', 'EIO'].includes(error.code)) throw error;
    return undefined;
  }
}

class FileChannel implements Channel {
  readonly isBusy = false;

  constructor(protected readonly descriptor: number) {}

  take(text: string): number | undefined {
    return taken(() => writeSync(this.descriptor, text, null, 'latin1'));
  }

  close(): void {
    // Another user's.
  }
}

class OwnChannel extends FileChannel {
  override close(): void {
    closeSync(this.descriptor);
  }
}

class SocketChannel extends FileChannel {
  override take(text: string): number | undefined {
    return taken(() => addon.sendNow(this.descriptor, text));
  }
}

/** Where all else fails, a thread of libuv's waits in a blocking write. */
class ThreadChannel implements Channel {
  #isBusy = false;
  #isClosed = false;

  constructor(private readonly descriptor: number) {
    // Has libuv start its threads now. Otherwise it would start them when the first one is needed, and end the process if
    // the system refuses: at the limit of processes, a logger that stalled has ended the superdaemon.
    fstat(descriptor, () => undefined);
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  take(text: string): number {
    if (this.#isBusy) return 0;
    this.#isBusy = true;
    void this.#deliver(text).finally(() => (this.#isBusy = false));
    return text.length;
  }

  close(): void {
    this.#isClosed = true;
  }

  async #deliver(text: string): Promise<void> {
    for (let rest = text; rest !== '' && !this.#isClosed;) {
      const count = await this.#written(rest);
      if (count === undefined) return;
      rest = rest.slice(count);
      if (count === 0) await wait(10); // somebody else has made it non-blocking
    }
  }

  #written(text: string): Promise<number | undefined> {
    return new Promise((resolve) => {
      write(this.descriptor, text, null, 'latin1', (error, count) => {
        resolve(error === null ? count : refusal(error));
      });
    });
  }
}

function taken(act: () => number): number | undefined {
  try {
    return act();
  } catch (error) {
    return refusal(error);
  }
}

/** A closed terminal or a reader that went away must not end the service; the original goes on in silence, too. */
function refusal(error: unknown): 0 | undefined {
  if (!isSystemError(error)) throw error;
  return error.code === 'EAGAIN' ? 0 : undefined;
}
