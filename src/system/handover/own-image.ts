/** How this very program was started, for an image that wants to become it. */
import { writeFileSync } from 'node:fs';
import type { CheckedImage } from '../../core/handover/checked-image.js';
import { addon } from '../engine/addon.js';
import { calledAs } from '../engine/arguments.js';
import { byteString, bytes } from '../engine/bytes.js';
import { withheldNames } from '../processes/inheritance.js';
import { identityOf } from './installation.js';
import { preloaded } from './preloaded.js';

type OwnImage = Omit<CheckedImage, 'superdaemon' | 'node'>;

/**
 * The script of this process, where node would be given another one by `path`: a wrapper that starts the command. Undefined
 * where both are the same file.
 */
export function scriptBehind(path: string): string | undefined {
  const own = calledAs();
  return identityOf(path) === identityOf(own) ? undefined : own;
}

/** Undefined without the preloaded library. */
export function ownImage(): OwnImage | undefined {
  const found = preloaded();
  if (found === undefined) return undefined;
  return {
    file: byteString(process.execPath),
    name: byteString(process.argv0),
    preload: found.library,
    furtherPreloaded: found.further,
    withheld: withheldNames(addon.environ()),
  };
}

/** Writes it in one piece to the descriptor that the asking image reads. */
export function tellChecker(descriptor: number, image: string): void {
  writeFileSync(descriptor, bytes(image));
}
