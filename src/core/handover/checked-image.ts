/** The answer of an image that was asked whether it can go on with a run: how it is to be started. */
import { byteText, list, Misshapen, record, type Shaped } from '../report/shape.js';

const checkedImage = record({
  superdaemon: byteText,
  node: byteText,
  /** The program's file, and its name for itself: the first of its arguments. */
  file: byteText,
  name: byteText,
  /** The library that keeps its signals, and what else is to be preloaded behind it, as LD_PRELOAD has it. */
  preload: byteText,
  furtherPreloaded: byteText,
  /** Variables that must not reach it. */
  withheld: list(byteText),
});

export type CheckedImage = Shaped<typeof checkedImage>;

export function encodeImage(image: CheckedImage): string {
  return JSON.stringify(image);
}

/** Undefined where the text is no such answer. */
export function decodeImage(encoded: string): CheckedImage | undefined {
  try {
    return checkedImage(JSON.parse(encoded), 'image');
  } catch (error) {
    if (error instanceof Misshapen || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
