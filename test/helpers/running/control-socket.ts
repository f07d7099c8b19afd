import { join } from 'node:path';
import type { Test } from 'tap';
import { serving } from './control.js';
import { eventually } from '../eventually.js';
import { RawClient } from '../connections/raw-client.js';
import { Run, type RunOptions } from './starter.js';
import type { StatusRun } from './status-run.js';

/** A superdaemon with the control socket `c`, whose first worker is accepted. */
export function controlled(
  t: Test,
  words: readonly string[] = [],
  { options = [], ...how }: RunOptions & { options?: readonly string[] } = {},
): Promise<StatusRun> {
  return serving(t, words, { options: ['--control=c', ...options], ...how });
}

/** A client of the control socket `c` in a directory; `request` is sent at once, as JSON unless it is a text. */
export class Talk extends RawClient {
  constructor(t: Test, directory: string, request?: object | string) {
    super(t, { path: join(directory, 'c') });
    if (request !== undefined) this.say(request);
  }

  say(request: object | string): void {
    this.socket.write(typeof request === 'string' ? request : `${JSON.stringify(request)}\n`);
  }

  /** The complete lines so far. */
  get lines(): Record<string, unknown>[] {
    const lines = Buffer.from(this.received, 'latin1').toString('utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Waits for so many lines, and gives the last one. */
  async line(count = 1): Promise<Record<string, unknown>> {
    const seen = () => this.received;
    return eventually(`${String(count)} lines`, () => this.lines[count - 1], { seen });
  }

  /** Waits for the end, and gives all lines. */
  async all(): Promise<Record<string, unknown>[]> {
    await this.closed();
    return this.lines;
  }
}

/** Starts a command that is given the control socket `c` and nothing else. */
export function commanding(t: Test, words: readonly string[], cwd: string, how: RunOptions = {}): Run {
  return new Run(t, [...words, '--control=c'], { cwd, ...how });
}
