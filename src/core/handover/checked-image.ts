/** The answer of an image that was asked whether it can go on with a run: how it is to be started. */
import { list, Misshapen, record, text, type Shaped } from '../report/shape.js';

const checkedImage = record({
  superdaemon: text,
  node: text,
  /** The program's file, and its name for itself: the first of its arguments. */
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

/** Undefined where the text is no such answer, or holds what no word of a program can. */
export function decodeImage(encoded: string): CheckedImage | undefined {
  try {
    const image = checkedImage(JSON.parse(encoded), 'image');
    return Object.values(image).flat().every(isByteString) ? image : undefined;
  } catch (error) {
    if (error instanceof Misshapen || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether the system could be given the text: each character stands for a byte, and none for the one that ends a word. */
function isByteString(text: string): boolean {
  return /^[\x01-\xff]*$/.test(text);
}
