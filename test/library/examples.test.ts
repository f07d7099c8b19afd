/** The tests in examples/testing pass, and end what they started; they end, too, when the program cannot start. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { workspace } from '../helpers/workspace.js';

const root = join(import.meta.dirname, '../..');

const table: [name: string, words: string[], passed: RegExp][] = [
  ['node:test', ['--test', 'examples/testing/app.test.js'], /^# pass 2$/m],
  ['tap', ['examples/testing/app.tap.js'], /^1\.\.2$/m],
];

function runTest(cwd: string, words: readonly string[]) {
  // Neither runner shall take itself for a part of this one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(TAP|NODE_TEST|_TAPJS)/.test(key)));
  return spawnSync(process.execPath, words, { cwd, env, encoding: 'utf8', timeout: 60_000 });
}

/** A project like this one whose program cannot start. */
function broken(t: Test): string {
  const cwd = workspace(t);
  cpSync(join(root, 'examples/testing'), join(cwd, 'examples/testing'), { recursive: true });
  mkdirSync(join(cwd, 'node_modules'));
  symlinkSync(root, join(cwd, 'node_modules/superdaemon'));
  symlinkSync(join(root, 'node_modules/tap'), join(cwd, 'node_modules/tap'));
  writeFileSync(join(cwd, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(cwd, 'examples/http-worker.js'), "import './no-such-module.js';");
  return cwd;
}

for (const [name, words, passed] of table) {
  t.test(name, (t) => {
    const { status, stdout, stderr } = runTest(root, words);
    t.equal(status, 0, stdout + stderr);
    t.match(stdout, passed);
    t.end();
  });

  t.test(`${name}, when the program cannot start`, (t) => {
    const { status, stdout, stderr } = runTest(broken(t), words);
    t.equal(status, 1, 'it fails, and does not hang');
    t.match(stdout + stderr, /Cannot find module .*no-such-module\.js/);
    t.match(stdout + stderr, /the server ended before a new worker had started: generation 1, pid \d+, exit code 1 /);
    t.end();
  });
}
