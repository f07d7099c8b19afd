import t from 'tap';
import { waitStatusInWords } from '../../src/core/report/wait-status.js';

const table: readonly (readonly [status: number, words: string])[] = [
  [0, 'exit code 0'],
  [256, 'exit code 1'],
  [255 << 8, 'exit code 255'],
  [9, 'killed by signal KILL'],
  [15 | 128, 'killed by signal TERM'],
  [50, 'killed by signal 50'],
];
for (const [status, words] of table) t.equal(waitStatusInWords(status, { SIGTERM: 15, SIGKILL: 9 }), words);
