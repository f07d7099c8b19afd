/** What an image that was asked whether it could go on with a run has to say: how it is started, or why it cannot. */
import { list, Misshapen, record, text, type Shaped } from './shape.js';

const checkedImage = record({
  superdaemon: text,
  node: text,
  /** The program, and what it is called in its own arguments. */
  file: text,
  name: text,
  /** The library that keeps its signals, and what else is to be preloaded behind it, as LD_PRELOAD has it. */
  preload: text,
  furtherPreloaded: text,
  /** Variables that must not reach it. */
  withheld: list(text),
});

export type CheckedImage = Shaped<typeof checkedImage>;

export function encodeImage(image: CheckedImage): string {
  return JSON.stringify(image);
}

/** Undefined where nothing of the kind was said. */
export function decodeImage(encoded: string): CheckedImage | undefined {
  try {
    return checkedImage(JSON.parse(encoded), 'image');
  } catch (error) {
    if (error instanceof Misshapen || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
