/** What a worker has written to the log, told from the lines of the superdaemon in it. */
import type { WorkerOutputPart } from '../core/handover/workers-part.js';
import { lastWords } from '../core/report/last-words.js';
import { outputSince, markOutput, type OutputMark } from '../system/output/output-mark.js';
import type { Output } from '../system/output/output.js';
import { printable } from '../system/output/printable.js';

/** How much is read of the beginning, and again of the end. */
const mostBytes = 2 ** 14;

type Destination = Pick<Output, 'descriptors'>;

/** How many workers, and how many lines of ours, are remembered. */
const memory = 100;

export class WorkerOutput {
  readonly #began = new Map<number, { readonly mark: OutputMark; readonly log: Destination }>();
  readonly #ours: string[] = [];

  /** The workers of the image before write to `log`. */
  constructor({ marks, ours }: WorkerOutputPart = { marks: [], ours: [] }, log: Destination = { descriptors: [] }) {
    for (const { generation, ...mark } of marks) this.#began.set(generation, { mark, log });
    this.#ours.push(...ours);
  }

  handOver(): WorkerOutputPart {
    const marks = Array.from(this.#began, ([generation, { mark }]) => ({ generation, ...mark }));
    return { marks, ours: [...this.#ours] };
  }

  /** To be called right before the fork of this generation, whose output goes to that log; or after it, with its size then. */
  begins(generation: number, log: Destination, size?: number): void {
    const mark = markOutput(errorsOf(log));
    if (mark !== undefined) this.#began.set(generation, { mark: { ...mark, size: size ?? mark.size }, log });
    this.#began.delete(generation - memory);
  }

  /** A line that is not a worker's. */
  said(line: string): void {
    this.#ours.push(printable(line));
    if (this.#ours.length > memory) this.#ours.shift();
  }

  /**
   * The lines that tell why it has failed; other workers may have written in between. Undefined where the log is no
   * file, or is another file by now.
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
export function errorsOf({ descriptors }: Destination): number {
  return descriptors.find(([, to]) => to === 2)?.[0] ?? 2;
}
