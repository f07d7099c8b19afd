import { closeSync, readSync } from 'node:fs';
import t from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { ready } from '../../src/worker/ready.js';

const variable = 'SERVER_STARTER_READY_FD';

t.test('a line on the descriptor, once', (t) => {
  const [reading, writing] = addon.pipe();
  process.env[variable] = String(writing);
  t.equal(ready(), true);
  t.equal(ready(), false);
  const buffer = Buffer.alloc(99);
  t.equal(buffer.toString('latin1', 0, readSync(reading, buffer)), 'READY=1\n');
  t.equal(readSync(reading, buffer), 0, 'it is closed');
  closeSync(reading);
  t.end();
});

t.test('a text that is no number of a pipe, though JavaScript might see one in it', (t) => {
  const [reading, writing] = addon.pipe();
  const fd = String(writing);
  const noNumbers = [`${fd}.0`, ` ${fd}`, `${fd}e0`, `0x${writing.toString(16)}`, `+${fd}`, `-${fd}`];
  for (const text of ['', 'nan', 'inf', '1e400', '9'.repeat(400), '1000000', ...noNumbers]) {
    process.env[variable] = text;
    t.equal(ready(), false, text);
  }
  closeSync(writing);
  t.equal(readSync(reading, Buffer.alloc(99)), 0, 'nothing was written');
  closeSync(reading);
  t.end();
});
