import { appendFileSync, closeSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { markOutput, outputSince, type OutputMark } from '../../src/system/output/output-mark.js';
import { workspace } from '../helpers/place/workspace.js';

/** A file that is open for appending, as a log is, with something in it. */
function marked(t: Test): { path: string; descriptor: number; mark: OutputMark } {
  const path = join(workspace(t), 'log');
  const descriptor = openSync(path, 'a');
  t.teardown(() => {
    closeSync(descriptor);
  });
  appendFileSync(path, 'before\n');
  const mark = markOutput(descriptor);
  if (mark === undefined) throw new Error('a file has a mark');
  return { path, descriptor, mark };
}

t.test('what was appended since', (t) => {
  const { path, descriptor, mark } = marked(t);
  t.same(outputSince(descriptor, mark, 100), { first: '', last: '' });
  appendFileSync(path, 'one\ntwo\xe9\n', 'latin1');
  t.same(outputSince(descriptor, mark, 5), { first: 'one\ntwo\xe9\n', last: '' });
  appendFileSync(path, 'three\nand no newline');
  t.same(outputSince(descriptor, mark, 15), { first: 'one\ntwo\xe9\nthree\nand no newline', last: '' });
  t.same(outputSince(descriptor, mark, 14), { first: 'one\ntwo\xe9\n', last: 'and no newline' }, 'whole lines only');
  t.same(outputSince(descriptor, mark, 3), { first: '', last: 'ine' }, 'but of a long one its end');
  t.end();
});

t.test('another file under the same number has nothing of it', (t) => {
  const { path, descriptor, mark } = marked(t);
  renameSync(path, `${path}.1`);
  const fresh = openSync(path, 'a');
  appendFileSync(path, 'a long line of somebody else\n');
  addon.dup2(fresh, descriptor);
  closeSync(fresh);
  t.same(outputSince(descriptor, mark, 100), { first: '', last: '' });
  t.end();
});

t.test('what is no file is not marked', (t) => {
  const [reading, writing] = addon.pipe();
  t.equal(markOutput(writing), undefined);
  closeSync(reading);
  closeSync(writing);
  t.equal(markOutput(writing), undefined, 'closed');
  t.end();
});
