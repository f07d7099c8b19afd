/** Becoming the sleeper (native/sleeper), which becomes this program again as soon as there is something to do. */
import { addon } from '../engine/addon.js';
import { byteString } from '../engine/bytes.js';
import type { Kept } from '../engine/keep.js';
import { isListable, linkTo } from '../engine/held-files.js';
import { environmentAsleep } from '../engine/sleeper.js';
import { handoverVariable } from './handover-variable.js';
import type { Installation } from './installation.js';
import { preloaded } from './preloaded.js';
import { environmentFor } from './successor.js';

export interface SleepPlan {
  readonly installation: Installation;
  readonly calling: { readonly calledAs: string; readonly words: readonly string[] };
  /** Signals and descriptors that wake the sleeper. */
  readonly signals: readonly number[];
  readonly readable: readonly number[];
  /** Monotonic milliseconds, or Infinity. */
  readonly until: number;
  /** The descriptor of what the image that wakes is to know. */
  readonly document: number;
}

/** Returns only by throwing a system error, and then everything is as before. */
export function fallAsleep(plan: SleepPlan, kept: Kept): never {
  const { installation, calling, signals, readable, until, document } = plan;
  const { held } = installation;
  for (const descriptor of [document, ...readable]) kept.keep(descriptor);
  const preload = isListable(held.PRELOAD.path) ? held.PRELOAD.path : linkTo(held.PRELOAD);
  const environment = environmentFor([], preload, preloaded()?.further ?? '');
  return addon.exec({
    file: installation.sleeper,
    args: [byteString(process.argv0), calling.calledAs, ...calling.words],
    env: environmentAsleep({
      environment: [...environment, `${handoverVariable}=${String(document)}`],
      ...(until === Infinity ? {} : { until: BigInt(Math.ceil(until * 1e6)) }),
      signals,
      readable,
      held,
    }),
    keep: kept.all,
  });
}
