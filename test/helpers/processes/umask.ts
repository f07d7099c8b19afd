import { readFileSync } from 'node:fs';

/** The umask of this process. Read, because umask(2) itself only tells the old one by setting another. */
export function currentUmask(): number {
  const [, mask = ''] = /^Umask:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
  return parseInt(mask, 8);
}
