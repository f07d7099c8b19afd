/** What a worker has written to the log, told from the lines of the superdaemon in it. */
import type { WorkerOutputPart } from '../core/handover/workers-part.js';
import { lastWords } from '../core/report/last-words.js';
import { outputSince, markOutput, type OutputMark } from '../system/output/output-mark.js';
import type { Output } from '../system/output/output.js';
import { printable } from '../system/output/printable.js';

/** How much is read of the beginning, and again of the end. */
const mostBytes = 2 ** 14;

/** How many workers, and how many lines of ours, are remembered. */
const memory = 100;

export class WorkerOutput {
  readonly #marks = new Map<number, OutputMark>();
  readonly #ours: string[] = [];

  constructor(
    private readonly output: Output,
    { marks, ours }: WorkerOutputPart = { marks: [], ours: [] },
  ) {
    for (const { generation, ...mark } of marks) this.#marks.set(generation, mark);
    this.#ours.push(...ours);
  }

  handOver(): WorkerOutputPart {
    return { marks: Array.from(this.#marks, ([generation, mark]) => ({ generation, ...mark })), ours: [...this.#ours] };
  }

  /** To be called right before the fork of this generation. */
  begins(generation: number): void {
    const mark = markOutput(this.#descriptor);
    if (mark !== undefined) this.#marks.set(generation, mark);
    this.#marks.delete(generation - memory);
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
    const mark = this.#marks.get(generation);
    this.#marks.delete(generation);
    if (mark === undefined) return undefined;
    const { first, last } = outputSince(this.#descriptor, mark, mostBytes);
    const words = lastWords(this.#theirs(first), this.#theirs(last));
    return words.length === 0 ? undefined : words;
  }

  #theirs(text: string): string[] {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    return lines.filter((line) => !this.#ours.includes(line));
  }

  /** The descriptor that is the standard error of workers. */
  get #descriptor(): number {
    return this.output.descriptors.find(([, to]) => to === 2)?.[0] ?? 2;
  }
}
