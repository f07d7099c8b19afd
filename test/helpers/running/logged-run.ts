import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { room } from '../place/room.js';
import { Run, type RunOptions } from './starter.js';

export interface LoggedRunOptions extends RunOptions {
  /** The file in its directory that the log ends up in. */
  readonly log?: string;
}

/** A start_server in a directory of its own, whose log is in a file there. */
export class LoggedRun extends Run {
  readonly directory: string;
  readonly #name: string;

  constructor(t: Test, args: readonly string[], how: LoggedRunOptions = {}) {
    const { cwd = room(t), log = 'log', ...rest } = how;
    super(t, args, { ...rest, cwd });
    this.directory = cwd;
    this.#name = log;
  }

  /** The text of a file in the directory, '' where there is none; as a rule the log. */
  read(name = this.#name): string {
    return this.has(name) ? readFileSync(join(this.directory, name), 'latin1') : '';
  }

  has(name: string): boolean {
    return existsSync(join(this.directory, name));
  }

  override get workers(): number[] {
    return Array.from(this.read().matchAll(/^starting new worker (\d+)\n/gm), ([, pid]) => Number(pid));
  }

  /** Waits until a file in the directory, as a rule the log, matches so many times. */
  async logs(expected: RegExp, { times = 1, name = this.#name } = {}): Promise<void> {
    const all = new RegExp(expected, expected.flags.replace(/[gm]/g, '') + 'gm');
    const seen = () => `${this.stderr}--- ${name}:\n${this.read(name)}`;
    await eventually(`${String(times)} x ${String(expected)}`, () => this.#count(all, name) >= times, { seen });
  }

  #count(all: RegExp, name: string): number {
    return [...this.read(name).matchAll(all)].length;
  }
}
