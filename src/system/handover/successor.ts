/** Becoming another image of this program: same process, same descriptors, same children. */
import { closeSync, openSync } from 'node:fs';
import type { CheckedImage } from '../../core/handover/checked-image.js';
import { addon } from '../engine/addon.js';
import { bytes } from '../engine/bytes.js';
import { isListable } from '../engine/held-files.js';
import type { Kept } from '../engine/keep.js';
import { nodeVariable } from '../processes/inheritance.js';
import { handoverVariable } from './handover-variable.js';
import { preloadPrefix } from './preloaded.js';

export interface Successor extends Pick<CheckedImage, 'file' | 'name' | 'preload' | 'furtherPreloaded' | 'withheld'> {
  /** The path by which the command was called, and its words. */
  readonly calledAs: string;
  readonly words: readonly string[];
}

/** Returns only by throwing a system error, and then everything is as before. `document` is a descriptor. */
export function become({ file, name, calledAs, words, ...rest }: Successor, document: number, kept: Kept): never {
  const library = openWhereUnlistable(rest.preload);
  try {
    kept.keep(document);
    if (library !== undefined) kept.keep(library);
    const preload = library === undefined ? rest.preload : `/proc/self/fd/${String(library)}`;
    return addon.exec({
      file,
      args: [name, calledAs, ...words],
      env: [
        ...environmentFor(rest.withheld, preload, rest.furtherPreloaded),
        `${handoverVariable}=${String(document)}`,
      ],
      keep: kept.all,
    });
  } finally {
    if (library !== undefined) closeSync(library);
  }
}

/**
 * What one image tells the next by its environment, and no further one.
 * NODE_PRESERVE_SYMLINKS_MAIN an image has only if it was started from held files: with it, the next would look for its
 * package beside the link that npm has made. That of the caller the launcher keeps under another name.
 */
const ofOneImage = /^(?:SUPERDAEMON_|LD_PRELOAD=|NODE_PRESERVE_SYMLINKS_MAIN=)/;

/** The environment of this image for the next one, without `withheld`; which node to take, the caller says. */
export function environmentFor(withheld: readonly string[], preload: string, further: string): string[] {
  const isOut = (entry: string) =>
    (ofOneImage.test(entry) && !entry.startsWith(`${nodeVariable}=`)) ||
    withheld.some((name) => entry.startsWith(`${name}=`));
  const rest = addon.environ().filter((entry) => !isOut(entry));
  return [...rest, `${preloadPrefix}${preload}${further === '' ? '' : `:${further}`}`];
}

function openWhereUnlistable(library: string): number | undefined {
  return isListable(library) ? undefined : openSync(bytes(library), 'r');
}
