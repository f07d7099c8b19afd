import { readFileSync } from 'node:fs';

/**
 * What /proc says of a process in that file, such as `status`, each byte as a character; '' where the process has ended. It may do so at any moment,
 * also while it is read (ESRCH), and a zombie has no environment.
 */
export function procFile(pid: number | string | undefined, name: string): string {
  try {
    return readFileSync(`/proc/${String(pid)}/${name}`, 'latin1');
  } catch {
    return '';
  }
}
