/**
 * What the sleeper (native/sleeper) is told when this process becomes it. It all stands in the environment, which goes on
 * to the node that wakes.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { linkTo, type HeldFile } from './held-files.js';
import { packageRoot } from './package-root.js';

export interface Sleep {
  /** Of the node that wakes. Its LD_PRELOAD begins with the preloaded library. */
  readonly environment: readonly string[];
  /** When it wakes in any case, as `process.hrtime.bigint()` has it. */
  readonly until?: bigint;
  /** Signals that wake it. One that the node which wakes leaves pending would wake it again and again. */
  readonly signals: readonly number[];
  /** Descriptors that wake it as soon as there is something to read from them, or they are broken. */
  readonly readable: readonly number[];
  /** By their names, in capitals. */
  readonly held: Readonly<Record<'NODE' | 'SCRIPT' | 'PRELOAD', HeldFile> & Record<string, HeldFile>>;
}

/** The program of the package that `directory` lies in: built there, or shipped for this platform. */
export function sleeperIn(directory: string): string | undefined {
  const root = packageRoot(directory);
  const shipped = join('prebuilds', `${process.platform}-${process.arch}`);
  return [join('build', 'Release'), shipped]
    .map((place) => join(root, place, 'sleeper'))
    .find((file) => existsSync(file));
}

/** The environment of the sleeper. Its arguments are those of the node that wakes, whose script is the first. */
export function environmentAsleep({ environment, until = 0n, signals, readable, held }: Sleep): string[] {
  const mask = signals.reduce((bits, signal) => bits | (1n << BigInt(signal - 1)), 0n);
  return [
    ...environment,
    `SUPERDAEMON_SLEEP=${String(until)}:${String(mask)}:${readable.join()}`,
    ...Object.entries(held).map(([name, { fd, path }]) => `SUPERDAEMON_HELD_${name}=${String(fd)}:${path}`),
    `SUPERDAEMON_LINK=${linkTo(held.SCRIPT)}`,
    `SUPERDAEMON_LAST_LD_PRELOAD=${[linkTo(held.PRELOAD), ...furtherPreloaded(environment)].join(':')}`,
    // node would look for the file behind the link, which may be nowhere.
    'SUPERDAEMON_LAST_NODE_PRESERVE_SYMLINKS_MAIN=1',
  ];
}

/** What the caller has preloaded, too: the launcher puts its own library before it. */
function furtherPreloaded(environment: readonly string[]): string[] {
  const name = 'LD_PRELOAD=';
  const entry = environment.find((each) => each.startsWith(name)) ?? name;
  return entry.slice(name.length).split(/[: ]/).slice(1);
}
