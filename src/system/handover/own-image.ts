/** How this very program was started, for an image that wants to become it. */
import { writeFileSync } from 'node:fs';
import type { CheckedImage } from '../../core/handover/checked-image.js';
import { addon } from '../engine/addon.js';
import { byteString, bytes } from '../engine/bytes.js';
import { withheldNames } from '../processes/inheritance.js';
import { preloaded } from './preloaded.js';

type OwnImage = Omit<CheckedImage, 'superdaemon' | 'node'>;

/** Writes it in one piece to the descriptor that the asking image reads. Throws an Error without the preloaded library. */
export function tellChecker(descriptor: number, encode: (image: OwnImage) => string): void {
  const found = preloaded();
  if (found === undefined) throw new Error('it was started without its preloaded library');
  const image = {
    file: byteString(process.execPath),
    name: byteString(process.argv0),
    preload: found.library,
    furtherPreloaded: found.further,
    withheld: withheldNames(addon.environ()),
  };
  writeFileSync(descriptor, bytes(encode(image)));
}
