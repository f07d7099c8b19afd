import { chmodSync, mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { copyPackage } from '../packaging/package-copy.js';
import { workspace } from '../place/workspace.js';
import { procFile } from '../processes/proc-file.js';
import { isAlive, type Run, type Starter } from './starter.js';

/** Why nothing is upgraded here, for tap's `skip`; false where it is. */
export const withoutUpgrade: string | false =
  process.platform !== 'linux' && 'the preloaded library keeps no signals elsewhere';

/** Asks for an upgrade by USR2, and waits until the log tells of the so many-th. */
export async function upgrade(run: Run, times = 1): Promise<void> {
  run.signal('SIGUSR2');
  await run.sees(/^upgraded from/, times);
}

/** Asks for one, and waits until the log tells that it was refused; gives the reason. */
export async function refusal(run: Run, times = 1): Promise<string> {
  run.signal('SIGUSR2');
  const [, reason = ''] = await run.sees(/^upgrade refused: (.*); everything goes on as before/, times);
  return reason;
}

/** A package of the test's own. */
export class Installed {
  readonly directory: string;
  readonly #link: string;

  constructor(t: Test, name = 'package') {
    const prefix = workspace(t);
    this.directory = join(prefix, name);
    this.#link = join(prefix, 'bin', 'start_server');
    mkdirSync(dirname(this.#link));
    symlinkSync(`../${name}/bin/start_server`, this.#link);
    this.install();
  }

  /** Puts everything into its place, as an installation does. */
  install(): void {
    copyPackage(this.directory);
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** Links the node of this test into the package, for SUPERDAEMON_NODE of a run, and gives the path. */
  linkNode(): string {
    symlinkSync(process.execPath, this.path('node'));
    return this.path('node');
  }

  /** Puts a shell script in the place of that node. */
  replaceNode(lines: string): void {
    rmSync(this.path('node'));
    writeFileSync(this.path('node'), `#!/bin/sh\n${lines}\n`);
    chmodSync(this.path('node'), 0o755);
  }

  /** By the link that npm puts beside the packages. */
  get starter(): Starter {
    return { name: 'a copy', command: this.#link };
  }
}

/** Whether it has become the sleeper, or that behind the one that counts (test:asleep); false, too, for one that is gone. */
export function isSleeper(pid: number): boolean {
  try {
    return /\/sleeper(\.real)?( \(deleted\))?$/.test(readlinkSync(`/proc/${String(pid)}/exe`));
  } catch {
    return false;
  }
}

/** Whether it is the sleeper, and waits. */
export function isAsleep(pid: number): boolean {
  return isSleeper(pid) && procFile(pid, 'stat').includes(') S ');
}

/** Waits until the process sleeps. */
export async function asleep(pid: number, seen: () => string = () => ''): Promise<void> {
  await eventually('its sleep', () => isAsleep(pid), { seen: () => `${seen()}\nalive: ${String(isAlive(pid))}` });
}
