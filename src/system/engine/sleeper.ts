/**
 * What the sleeper (native/sleeper) is told when this process becomes it. All of it stands in the environment, which is
 * also that of the node that wakes.
 */
import { linkTo, type HeldFile } from './held-files.js';

export interface Sleep {
  /** The environment of the node that wakes. Its LD_PRELOAD begins with the preloaded library. */
  readonly environment: readonly string[];
  /** When it wakes in any case, in the time of `process.hrtime.bigint()`. */
  readonly until?: bigint;
  /** Signals that wake it. If the node that wakes left one of them pending, it would wake again and again. */
  readonly signals: readonly number[];
  /** Descriptors that wake it as soon as there is something to read from them, or they are broken. */
  readonly readable: readonly number[];
  /** The held files by their names, in capitals. */
  readonly held: Readonly<Record<'NODE' | 'SCRIPT' | 'PRELOAD', HeldFile> & Record<string, HeldFile>>;
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
    // Without this, node would look for the path that the link names, where there may be no file any more.
    'SUPERDAEMON_LAST_NODE_PRESERVE_SYMLINKS_MAIN=1',
  ];
}

/** The libraries that the caller has preloaded: the launcher puts its own before them. */
function furtherPreloaded(environment: readonly string[]): string[] {
  const name = 'LD_PRELOAD=';
  const entry = environment.find((each) => each.startsWith(name)) ?? name;
  return entry.slice(name.length).split(/[: ]/).slice(1);
}
