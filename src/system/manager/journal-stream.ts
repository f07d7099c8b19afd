import { fstatSync } from 'node:fs';

/** Whether standard error leads into the journal; `stream` is what JOURNAL_STREAM says of that. */
export function leadsIntoJournal(stream: string | undefined): boolean {
  if (stream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(2, { bigint: true });
    return stream === `${String(dev)}:${String(ino)}`;
  } catch {
    return false; // it is closed
  }
}
