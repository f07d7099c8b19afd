/** What every npm script begins with: it makes what is missing, once, and is silent when nothing is. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { workspace } from '../helpers/place/workspace.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const installing = 'prepare: npm ci --include=dev --ignore-scripts --no-audit --no-fund';

/** A clone in which nothing is installed, with an npm that does as `script` says and counts its calls. */
function freshClone(
  t: Test,
  script: string,
): { run: (...words: string[]) => Run; at: (path: string) => string; calls: () => number } {
  const directory = workspace(t);
  const at = (path: string) => join(directory, path);
  cpSync(join(root, 'scripts'), at('scripts'), { recursive: true });
  mkdirSync(at('bin'));
  writeFileSync(at('package-lock.json'), '{}');
  writeFileSync(at('bin/npm'), `#!/bin/sh\necho called >>calls\n${script}\n`);
  chmodSync(at('bin/npm'), 0o755);
  const env = { ...process.env, PATH: `${at('bin')}:${process.env['PATH'] ?? ''}` };
  return {
    run: (...words) => started(t, spawn(process.execPath, [at('scripts/prepare.mjs'), ...words], { env })),
    at,
    calls: () => (existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').split('\n').length - 1 : 0),
  };
}

interface Run {
  said: () => string;
  ended: Promise<{ code: number | null; said: string }>;
}

function started(t: Test, child: ChildProcess): Run {
  let said = '';
  child.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()));
  t.teardown(() => child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { said: () => said, ended: ended.then((code) => ({ code, said })) };
}

const install = 'mkdir -p node_modules && : >node_modules/.package-lock.json';

t.test('packages are installed in a fresh clone, and not again', async (t) => {
  const { run, calls } = freshClone(t, install);
  t.same(await run('packages').ended, { code: 0, said: `${installing} (no node_modules/.package-lock.json)\n` });
  t.same(await run('packages').ended, { code: 0, said: '' });
  t.equal(calls(), 1);
});

t.test('a newer lock file has them installed again', async (t) => {
  const { run, at } = freshClone(t, install);
  await run('packages').ended;
  const later = Date.now() / 1000 + 60;
  utimesSync(at('package-lock.json'), later, later);
  t.same(await run('packages').ended, { code: 0, said: `${installing} (package-lock.json is newer)\n` });
});

t.test('what a failing command printed is shown, and the next run tries again', async (t) => {
  const { run } = freshClone(t, 'echo no such package >&2; exit 3');
  const { code, said } = await run('packages').ended;
  t.equal(code, 1);
  t.match(said, 'no such package\nprepare: npm failed: exit code 3\n');
  t.match(await run('packages').ended, { code: 1 });
});

t.test('two at once install once', async (t) => {
  const { run, at, calls } = freshClone(t, `until [ -e go ]; do sleep 0.01; done; ${install}`);
  const first = run('packages');
  await eventually('the first one is installing', () => calls() === 1, { seen: first.said });
  const second = run('packages');
  await eventually('the second one waits', () => second.said().includes('waiting for another one'), {
    seen: second.said,
  });
  writeFileSync(at('go'), '');
  t.match(await first.ended, { code: 0 });
  t.match(await second.ended, { code: 0 });
  t.equal(calls(), 1);
});

t.test('a lock that a dead process left behind holds nobody up', async (t) => {
  const { run, at } = freshClone(t, install);
  const dead = spawn('true');
  await new Promise((resolve) => dead.once('close', resolve));
  writeFileSync(at('.prepare.lock'), `${String(dead.pid)}\n`);
  t.match(await run('packages').ended, { code: 0 });
  t.notOk(existsSync(at('.prepare.lock')));
});

t.test('an unknown step is refused', async (t) => {
  const { run } = freshClone(t, install);
  t.same(await run('pakages').ended, { code: 1, said: 'prepare: unknown step: pakages\n' });
});
