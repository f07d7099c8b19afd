/** The tests in examples/testing pass, and end what they started; they end, too, when the program cannot start. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { script } from '../helpers/processes/native.js';
import { workspace } from '../helpers/place/workspace.js';

const root = join(import.meta.dirname, '../..');

const table: [name: string, words: string[], passed: RegExp][] = [
  ['node:test', ['--test', 'examples/testing/app.test.js'], /^# pass 2$/m],
  ['tap', ['examples/testing/app.tap.js'], /^1\.\.2$/m],
];

function runTest(cwd: string, words: readonly string[], more: NodeJS.ProcessEnv = {}) {
  // Neither runner shall take itself for a part of this one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(TAP|NODE_TEST|_TAPJS)/.test(key)));
  return spawnSync(process.execPath, words, { cwd, env: { ...env, ...more }, encoding: 'utf8', timeout: 60_000 });
}

/** A directory for PATH in which node is a program that cannot start. */
function brokenNode(t: Test): string {
  const directory = workspace(t);
  script(join(directory, 'node'), "#!/bin/sh\necho 'no configuration' >&2\nexit 3\n");
  return directory;
}

for (const [name, words, passed] of table) {
  t.test(name, (t) => {
    const { status, stdout, stderr } = runTest(root, words);
    t.equal(status, 0, stdout + stderr);
    t.match(stdout, passed);
    t.end();
  });

  t.test(`${name}, when the program cannot start`, (t) => {
    const path = `${brokenNode(t)}:${process.env['PATH'] ?? ''}`;
    const { status, stdout, stderr } = runTest(root, words, { PATH: path });
    t.equal(status, 1, 'it fails, and does not hang');
    t.match(stdout + stderr, 'no configuration');
    t.match(stdout + stderr, /the server ended before a new worker had started: generation 1, pid \d+, exit code 3 /);
    t.end();
  });
}
