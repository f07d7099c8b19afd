/** What a worker has written to a file that it shares with others: everything since its start, as far as one can tell. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Where the output of a worker began. */
export interface OutputMark {
  /** The file, by device and inode: a log may be reopened meanwhile. */
  readonly file: string;
  readonly size: number;
}

/** Undefined where the output is no regular file: then it cannot be read again. */
export function markOutput(descriptor: number): OutputMark | undefined {
  try {
    const found = fstatSync(descriptor);
    return found.isFile() ? { file: `${String(found.dev)}:${String(found.ino)}`, size: found.size } : undefined;
  } catch {
    return undefined; // closed
  }
}

/**
 * What was written since the mark. If it is longer than `most` bytes, `first` is so much of its beginning and `last` so
 * much of its end, cut to whole lines where there are any; otherwise `first` is all of it.
 */
export function outputSince(descriptor: number, mark: OutputMark, most: number): { first: string; last: string } {
  const now = markOutput(descriptor);
  if (now?.file !== mark.file || now.size <= mark.size) return { first: '', last: '' };
  if (now.size - mark.size <= 2 * most)
    return { first: readFrom(descriptor, mark.size, now.size - mark.size), last: '' };
  const [first, last] = [mark.size, now.size - most].map((from) => readFrom(descriptor, from, most));
  return { first: first?.slice(0, first.lastIndexOf('\n') + 1) ?? '', last: last?.slice(last.indexOf('\n') + 1) ?? '' };
}

/** Opens the file again, since it is mostly open for writing only. */
function readFrom(descriptor: number, from: number, length: number): string {
  let reading: number | undefined;
  try {
    // O_NONBLOCK: another user may hold a lease for the file, and is not waited for.
    reading = openSync(`/dev/fd/${String(descriptor)}`, constants.O_RDONLY | constants.O_NONBLOCK);
    const buffer = Buffer.alloc(length);
    return buffer.toString('latin1', 0, readSync(reading, buffer, 0, length, from));
  } catch {
    return ''; // not ours to read, or a system that does not open it again
  } finally {
    if (reading !== undefined) closeSync(reading);
  }
}
