/**
 * The standard descriptors, written with write(2) and nothing else: the first touch of process.stdout, process.stderr or
 * console makes a pipe non-blocking for every worker that shares it.
 */
import { closeSync, writeSync } from 'node:fs';
import type { Priority } from '../../core/text/priority.js';
import { addon } from '../engine/addon.js';
import { bytes } from '../engine/bytes.js';
import { LineWriter, type WaitingLines } from './line-writer.js';
import { pause } from '../engine/pause.js';
import { printable } from './printable.js';
import { isSystemError, systemError } from '../engine/system-error.js';

let log: LineWriter | undefined;
let isMarked = false;

/** The priorities as a journal reads them at the beginning of a line; a line without one is information. */
const marks: Readonly<Record<Priority, string>> = { information: '', warning: '<4>', error: '<3>' };

/** How lines are written, and those that nobody has read yet. */
export interface LinesUnderWay extends WaitingLines {
  readonly isMarked: boolean;
}

/** Undefined while a part of a line is being written. */
export function linesUnderWay(): LinesUnderWay | undefined {
  const waiting = log === undefined ? { lines: [], dropped: 0 } : log.waiting;
  return waiting && { ...waiting, isMarked };
}

/** Goes on with what the image before has left. */
export function takeUpLines({ isMarked: wasMarked, ...waiting }: LinesUnderWay): void {
  isMarked = wasMarked;
  log = new LineWriter(2, waiting);
}

/**
 * Writes all of a text to standard output. A command waits for its reader here, as any program does. Throws what the system
 * refuses.
 */
export function writeOutput(text: string): void {
  // What the caller had closed, node has opened at /dev/null.
  if (addon.launched()?.closed.includes(1) === true) throw systemError('EBADF', 'write');
  for (let rest = bytes(text); rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (!isSystemError(error) || error.code !== 'EAGAIN') throw error;
      pause(1);
    }
  }
}

/** One line of the log or one message, to standard error; control characters in it are shown as `\\x1b`. */
export function writeLine(line: string, priority: Priority = 'information'): void {
  log ??= new LineWriter(2);
  log.write((isMarked ? marks[priority] : '') + printable(line));
}

/** From here on lines begin with their priority, as a journal wants it, until the output is redirected. */
export function markPriorities(): void {
  isMarked = true;
}

/** Waits until the last lines are read, so many milliseconds at the most: the process is about to end. */
export async function flushLines(patience: number): Promise<void> {
  await log?.flush(patience);
}

/** Makes a descriptor the standard output and the standard error of this process and of workers to come, and closes it. */
export function redirectOutput(descriptor: number): void {
  for (const standard of [1, 2]) addon.dup2(descriptor, standard);
  closeSync(descriptor);
  isMarked = false;
  log?.close();
  log = new LineWriter(2);
}
