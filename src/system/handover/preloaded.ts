/** The library that the launcher has put before all others, so that signals are ours. */
import { readlinkSync } from 'node:fs';
import { addon } from '../engine/addon.js';
import { bytes } from '../engine/bytes.js';

export interface Preloaded {
  /** Its path. */
  readonly library: string;
  /** What the caller has preloaded, too, as LD_PRELOAD has it; empty for nothing. */
  readonly further: string;
}

export const preloadPrefix = 'LD_PRELOAD=';

/** Of this process; undefined where it was started without. */
export function preloaded(): Preloaded | undefined {
  const entry = addon.environ().find((each) => each.startsWith(preloadPrefix));
  if (entry === undefined || addon.launched() === undefined) return undefined;
  const [, library = '', further = ''] = /^([^: ]*)[: ]?(.*)$/s.exec(entry.slice(preloadPrefix.length)) ?? [];
  return { library: realPath(library), further };
}

/** A path that the list cannot have in it is that of an open descriptor. */
export function isListable(path: string): boolean {
  return !/[: $]/.test(path);
}

function realPath(library: string): string {
  if (!library.startsWith('/proc/self/fd/')) return library;
  // A file that was removed since keeps the name that it had.
  return readlinkSync(bytes(library), 'latin1').replace(/ \(deleted\)$/, '');
}
