import t from 'tap';
import { wordsIn } from '../../src/system/readiness/notification.js';

const ready = { type: 'ready', pid: 7 };
const said = (text: string) => ({ type: 'said', pid: 7, text });

const rows: readonly (readonly [message: string, words: readonly object[]])[] = [
  ['READY=1', [ready]],
  ['READY=1\n', [ready]],
  ['READY=1\nREADY=1\nSTATUS=a\nSTATUS=b', [ready, said('a')]],
  ['STATUS=warm\nMAINPID=1\nREADY=1', [said('warm'), ready]],
  ['EXTEND_TIMEOUT_USEC=1500', [{ type: 'wants time', pid: 7, milliseconds: 1.5 }]],
  ['EXTEND_TIMEOUT_USEC=-1\nEXTEND_TIMEOUT_USEC=1e3\nEXTEND_TIMEOUT_USEC=', []],
  ['READY=0\n READY=1\nREADY=1 \nSTATUS=', []],
  ['', []],
];
for (const [message, words] of rows) t.same(wordsIn(message, 7), words, JSON.stringify(message));
