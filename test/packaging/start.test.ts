/** `npm start` becomes start_server: signals reach it, and it leaves nothing behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

function npmStart(t: Test, ...words: string[]) {
  const npm = spawn('npm', ['start', '--', ...words], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  npm.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const awaited = (line: RegExp) =>
    eventually(`the line ${String(line)}`, () => line.exec(said)?.[1] ?? false, { seen: () => said });
  t.teardown(() => {
    for (const [, pid] of said.matchAll(/(?:pid:|new worker )(\d+)/g))
      if (lives(Number(pid))) process.kill(Number(pid), 'SIGKILL');
    npm.kill('SIGKILL');
  });
  return { npm, awaited };
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // ESRCH: it is gone.
    return false;
  }
}

t.test('HUP to the superdaemon reloads, TERM to npm ends all of it', async (t) => {
  const { npm, awaited } = npmStart(t, '--port=127.0.0.1:0', '--interval=0', '--', 'sleep', '60');
  const ended = once(npm, 'exit');
  const superdaemon = Number(await awaited(/\(pid:(\d+)\) starting now/));
  const first = Number(await awaited(/starting new worker (\d+)\n/));
  process.kill(superdaemon, 'SIGHUP');
  const second = Number(await awaited(/received HUP[^]*starting new worker (\d+)\n/));
  await awaited(new RegExp(`(old worker ${String(first)} died)`));
  npm.kill('SIGTERM');
  t.same(await ended, [0, null]);
  t.same([superdaemon, first, second].filter(lives), []);
});

t.test('the exit code is that of start_server', async (t) => {
  const { npm } = npmStart(t, '--interval=abc', '--', 'true');
  t.same(await once(npm, 'exit'), [1, null]);
});
