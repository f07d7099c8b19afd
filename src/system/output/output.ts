/** Where log lines go, and what workers get as their standard output and standard error. */
import { closeSync } from 'node:fs';
import type { OutputPart } from '../../core/handover/document.js';
import type { Priority } from '../../core/text/priority.js';
import { LineWriter } from './line-writer.js';
import { printable } from './printable.js';
import { linesUnderWay, redirectOutput, takeUpLines, writeLine } from './stdio.js';

export interface Output {
  /** One line of the log; gives back how it was written. */
  write(line: string, priority?: Priority): string;
  /** Makes this descriptor the place for all output, and takes it over. */
  redirect(descriptor: number): void;
  /** Descriptors of this process, and what they are in a worker. */
  readonly descriptors: readonly (readonly [from: number, to: number])[];
  close(): void;
}

/** The standard error of this process. Once it is redirected, workers have one, even if the caller had closed it. */
export class ProcessOutput implements Output {
  #isRedirected = false;

  /** Goes on with the output of the image before. */
  static takeUp({ isRedirected, isMarked = false, waiting: lines, dropped }: OutputPart): ProcessOutput {
    const output = new ProcessOutput();
    output.#isRedirected = isRedirected;
    takeUpLines({ isMarked, lines, dropped });
    return output;
  }

  /** Undefined while a part of a line is being written. */
  handOver(): OutputPart | undefined {
    const underWay = linesUnderWay();
    if (underWay === undefined) return undefined;
    const { isMarked, lines, dropped } = underWay;
    return { isRedirected: this.#isRedirected, isMarked, waiting: lines, dropped };
  }

  write(line: string, priority?: Priority): string {
    writeLine(line, priority);
    return line;
  }

  redirect(descriptor: number): void {
    redirectOutput(descriptor);
    this.#isRedirected = true;
  }

  get descriptors(): readonly (readonly [from: number, to: number])[] {
    return this.#isRedirected ? [1, 2].map((standard) => [standard, standard] as const) : [];
  }

  close(): void {
    // It stays open as long as the process: the last lines are written at its very end.
  }
}

/** Leaves this process's own output alone: until it is redirected, lines are dropped and workers share that output. */
export class SeparateOutput implements Output {
  #descriptor: number | undefined;
  #writer: LineWriter | undefined;

  write(line: string): string {
    this.#writer?.write(printable(line));
    return line;
  }

  redirect(descriptor: number): void {
    this.close();
    this.#descriptor = descriptor;
    this.#writer = new LineWriter(descriptor);
  }

  get descriptors(): readonly (readonly [from: number, to: number])[] {
    const descriptor = this.#descriptor;
    return descriptor === undefined ? [] : [1, 2].map((standard) => [descriptor, standard] as const);
  }

  close(): void {
    this.#writer?.close();
    this.#writer = undefined;
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
