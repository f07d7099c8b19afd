import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { Test } from 'tap';
import { compiled } from '../place/compile.js';
import { eventually } from '../eventually.js';

/** A terminal that shows nothing until the test wants to read it. */
export class Terminal {
  readonly path: string;
  /** Open for writing, blocking. */
  readonly descriptor: number;
  #text = '';

  private constructor(
    private readonly farEnd: ChildProcessByStdio<Writable, Readable, null>,
    path: string,
  ) {
    this.path = path;
    this.descriptor = openSync(path, constants.O_WRONLY | constants.O_NOCTTY);
    farEnd.stdout.on('data', (text: string) => (this.#text += text));
  }

  static async open(t: Test): Promise<Terminal> {
    const farEnd = spawn(compiled('terminal', ['terminal.c']), { stdio: ['pipe', 'pipe', 'inherit'] });
    farEnd.stdout.setEncoding('latin1');
    t.teardown(async () => {
      if (farEnd.exitCode !== null) return;
      farEnd.stdin.end();
      await once(farEnd, 'exit');
    });
    const [line] = (await once(farEnd.stdout, 'data')) as [string];
    const terminal = new Terminal(farEnd, line.trim());
    t.teardown(() => {
      closeSync(terminal.descriptor);
    });
    return terminal;
  }

  /** Fills it until there is no room. As long as the kernel's own buffers are not full, room comes back after a while. */
  async fill(): Promise<void> {
    const filling = openSync(this.path, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    let timesFull = 0;
    await eventually('a full terminal', () => {
      // A newline needs two bytes, so one byte of room may be left that it cannot use.
      const written = ['x'.repeat(1000), 'x', '\n'].map((data) => fillWith(filling, data));
      timesFull = written.some((count) => count > 0) ? 0 : timesFull + 1;
      return timesFull > 3;
    });
    closeSync(filling);
  }

  /** Stops the terminal as ^S does; returns when writers are held up. */
  async stop(): Promise<void> {
    this.farEnd.stdin.write('s');
    const writing = openSync(this.path, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    await eventually('the stop', () => isFull(writing));
    closeSync(writing);
  }

  /** Lets it go on as ^Q does. */
  goOn(): void {
    this.farEnd.stdin.write('q');
  }

  /** From here on it is read. */
  read(): void {
    this.farEnd.stdin.write('r');
  }

  /** The terminal goes away, as when its window is closed. */
  async close(): Promise<void> {
    this.farEnd.stdin.end();
    await once(this.farEnd, 'exit');
  }

  /** What was shown so far, its lines ended by a newline alone. */
  get text(): string {
    return this.#text.replaceAll('\r\n', '\n');
  }
}

/** Writes as long as there is room, and gives how often there was. */
function fillWith(descriptor: number, data: string): number {
  let count = 0;
  while (!isFull(descriptor, data)) count += 1;
  return count;
}

function isFull(descriptor: number, data = '.'): boolean {
  try {
    writeSync(descriptor, data);
    return false;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return true;
    throw error;
  }
}
