/** The tests in examples/testing pass, and end what they started. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';

const root = join(import.meta.dirname, '../..');

const table: [name: string, words: string[], passed: RegExp][] = [
  ['node:test', ['--test', 'examples/testing/app.test.js'], /^# pass 2$/m],
  ['tap', ['examples/testing/app.tap.js'], /^1\.\.2$/m],
];

for (const [name, words, passed] of table) {
  t.test(name, (t) => {
    // Neither runner shall take itself for a part of this one.
    const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(TAP|NODE_TEST|_TAPJS)/.test(key)));
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: root, env, encoding: 'utf8' });
    t.equal(status, 0, stdout + stderr);
    t.match(stdout, passed);
    t.end();
  });
}
