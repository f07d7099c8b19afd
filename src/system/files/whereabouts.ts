/** Where a file is that has several names: two paths that lead to one place give the same text. */
import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { bytes } from '../engine/bytes.js';
import { ownDirectory } from '../engine/directory.js';

/** How many links Linux follows. */
const mostLinks = 40;

/** `isFollowed`: whether a link at the path itself is gone through, or would be replaced. The file need not be there. */
export function whereabouts(path: string, isFollowed: boolean): string {
  let place = entryOf(path);
  for (let links = 0; isFollowed && links < mostLinks; links += 1) {
    const target = targetOf(place);
    if (target === undefined) break;
    place = entryOf(target.startsWith('/') ? target : `${dirname(place)}/${target}`);
  }
  return place;
}

/** The name in its real directory; what `..` means is the system's to say, as long as there is such a directory. */
function entryOf(path: string): string {
  try {
    const parent = realpathSync.native(bytes(dirname(path)), 'latin1');
    return resolve(parent, basename(path));
  } catch {
    return resolve(ownDirectory(), path); // no such directory, as will be told
  }
}

function targetOf(place: string): string | undefined {
  try {
    return readlinkSync(bytes(place), 'latin1');
  } catch {
    return undefined; // no link
  }
}
