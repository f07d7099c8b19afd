import { fstatSync } from 'node:fs';

/** Whether standard error goes into the journal; `stream` is the value of JOURNAL_STREAM. */
export function leadsIntoJournal(stream: string | undefined): boolean {
  if (stream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(2, { bigint: true });
    return stream === `${String(dev)}:${String(ino)}`;
  } catch {
    return false; // it is closed
  }
}
