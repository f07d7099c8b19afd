/** The library that the launcher has put before all others, so that signals are ours. */
import { readlinkSync } from 'node:fs';
import { addon } from '../engine/addon.js';
import { bytes } from '../engine/bytes.js';

export interface Preloaded {
  /** Its path. */
  readonly library: string;
  /** What the caller has preloaded besides, as in LD_PRELOAD; empty for nothing. */
  readonly further: string;
}

export const preloadPrefix = 'LD_PRELOAD=';

/** What is preloaded in this process; undefined where our library is not. */
export function preloaded(): Preloaded | undefined {
  const entry = addon.environ().find((each) => each.startsWith(preloadPrefix));
  if (entry === undefined || addon.launched() === undefined) return undefined;
  const [, library = '', further = ''] = /^([^: ]*)[: ]?(.*)$/s.exec(entry.slice(preloadPrefix.length)) ?? [];
  return { library: realPath(library), further };
}

function realPath(library: string): string {
  if (!library.startsWith('/proc/self/fd/')) return library;
  // The kernel marks the link when the file was removed since.
  return readlinkSync(bytes(library), 'latin1').replace(/ \(deleted\)$/, '');
}
