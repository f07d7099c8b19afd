import { fstatSync, statSync } from 'node:fs';
import { bytes } from '../engine/bytes.js';

/** Whether the path leads to the very file that is open. */
export function isFileAt(path: string, descriptor: number): boolean {
  const there = statSync(bytes(path), { bigint: true, throwIfNoEntry: false });
  const here = fstatSync(descriptor, { bigint: true });
  return there?.dev === here.dev && there.ino === here.ino;
}
