/** What a worker has written to the log, told from the lines of the superdaemon in it. */
import { lastWords } from '../core/report/last-words.js';
import { outputSince, markOutput, type OutputMark } from '../system/output/output-mark.js';
import type { Output } from '../system/output/output.js';
import { printable } from '../system/output/printable.js';

/** Of the beginning, and of the end. */
const mostBytes = 2 ** 14;

type Destination = Pick<Output, 'descriptors'>;

/** How many of the workers, and how many lines of ours, are remembered. */
const memory = 100;

export class WorkerOutput {
  readonly #began = new Map<number, { readonly mark: OutputMark; readonly log: Destination }>();
  readonly #ours: string[] = [];

  /** Right before the fork of this generation, whose output goes to that log. */
  begins(generation: number, log: Destination): void {
    const mark = markOutput(errorsOf(log));
    if (mark !== undefined) this.#began.set(generation, { mark, log });
    this.#began.delete(generation - memory);
  }

  /** A line that is not a worker's. */
  said(line: string): void {
    this.#ours.push(printable(line));
    if (this.#ours.length > memory) this.#ours.shift();
  }

  /**
   * The lines that tell why it has failed. Undefined where the log is no file, or another one by now. Other workers may have
   * written in between.
   */
  lastWords(generation: number): readonly string[] | undefined {
    const beginning = this.#began.get(generation);
    this.#began.delete(generation);
    if (beginning === undefined) return undefined;
    const { first, last } = outputSince(errorsOf(beginning.log), beginning.mark, mostBytes);
    const words = lastWords(this.#theirs(first), this.#theirs(last));
    return words.length === 0 ? undefined : words;
  }

  #theirs(text: string): string[] {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    return lines.filter((line) => !this.#ours.includes(line));
  }
}

/** What is the standard error of workers. */
function errorsOf({ descriptors }: Destination): number {
  return descriptors.find(([, to]) => to === 2)?.[0] ?? 2;
}
