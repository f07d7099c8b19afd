/**
 * The standard descriptors, written with write(2) and nothing else: the first touch of process.stdout, process.stderr or
 * console makes a pipe non-blocking for every worker that shares it.
 */
import { closeSync } from 'node:fs';
import { addon } from './addon.js';
import { LineWriter } from './line-writer.js';
import { printable } from './printable.js';

let log: LineWriter | undefined;

/** All of a text to standard output. */
export function writeOutput(text: string): void {
  new LineWriter(1).write(text.replace(/\n$/, ''));
}

/** One line of the log or one message, to standard error; control characters in it are shown as `\\x1b`. */
export function writeLine(line: string): void {
  log ??= new LineWriter(2);
  log.write(printable(line));
}

/** Makes a descriptor the standard output and the standard error of this process and of workers to come, and closes it. */
export function redirectOutput(descriptor: number): void {
  for (const standard of [1, 2]) addon.dup2(descriptor, standard);
  closeSync(descriptor);
  log?.close();
  log = new LineWriter(2);
}
