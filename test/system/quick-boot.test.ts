/** Loaded into node, the library spares it a part of its boot; loaded into anything else, it does nothing. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { library } from '../helpers/images/image.js';
import { compiled } from '../helpers/place/compile.js';
import { workspace } from '../helpers/place/workspace.js';
import { plainEnvironment } from '../helpers/running/starter.js';

const skip = process.platform === 'linux' ? false : 'there is no such library elsewhere';

function run(program: string, words: readonly string[], variables: NodeJS.ProcessEnv) {
  const { status, signal, stdout, stderr } = spawnSync(program, words, {
    env: { ...plainEnvironment(), ...variables },
    encoding: 'latin1',
  });
  return { status, signal, stdout, stderr };
}

t.test('the flag is there from the first thread on, until the engine stands', { skip }, (t) => {
  const nodeLike = compiled('node-like', ['node-like.c'], ['-rdynamic', '-pthread']);
  const boot = (version: string, ...words: string[]) =>
    run(nodeLike, words, { LD_PRELOAD: library, ENGINE_VERSION: version }).stdout.trim().split('\n');
  const usual = ['main', 'thread', 'thread', 'engine', 'thread', 'thread'];
  const quick = [
    ...usual.slice(0, 1),
    '--no-rehash-snapshot',
    ...usual.slice(1, 4),
    '--rehash-snapshot',
    ...usual.slice(4),
  ];
  for (const version of ['11.3.244.8-node.38', '14.6.202']) t.same(boot(version), quick, version);
  for (const version of ['15.0.1', '10.2.154']) t.same(boot(version), usual, 'an engine that may not know it');
  t.same(boot('11.3.244', 'stands'), usual, 'an engine that stands already');
  t.end();
});

t.test('this node takes both flags, and still uses the code that it brings compiled', { skip }, (t) => {
  const script = join(workspace(t), 'usage.cjs');
  writeFileSync(
    script,
    `const builtins = require('internal/test/binding').internalBinding('builtins');
     const { compiledWithCache, compiledWithoutCache } = builtins.getCacheUsage?.() ?? builtins;
     console.log(compiledWithCache.size > 0, compiledWithoutCache.size);`,
  );
  const words = ['--no-warnings', '--expose-internals', script];
  const expected = { status: 0, stdout: 'true 0\n', stderr: '' };
  t.match(run(process.execPath, words, { LD_PRELOAD: library }), expected);
  const changed = ['--no-rehash-snapshot', ...words];
  t.match(
    run(process.execPath, changed, {}),
    { status: 0, stdout: /^false [1-9]/ },
    'as it would without the second flag',
  );
  t.end();
});

t.test('a shell whose C library finds no functions by name handles its signals', { skip }, (t) => {
  const sources = ['going_on', 'preload', 'quick_boot'].map((name) => `../../native/preload/${name}.c`);
  const flags = ['-shared', '-fPIC', '-fvisibility=hidden', '-std=gnu11', '-Ddlsym=found_nowhere'];
  const blind = compiled('blind-preload.so', sources, flags);
  const words = ['-c', 'trap "echo caught" HUP; kill -HUP $$'];
  t.match(run('/bin/sh', words, { LD_PRELOAD: blind }), { status: 0, signal: null, stdout: 'caught\n', stderr: '' });
  t.end();
});
