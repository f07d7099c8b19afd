import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { withoutCommand } from '../helpers/place/installed.js';
import { example } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';
import { workspace } from '../helpers/place/workspace.js';

t.test('swaps of a Go program lose no request', { skip: withoutCommand('go') }, async (t) => {
  const directory = workspace(t);
  const worker = join(directory, 'worker');
  const env = { PATH: process.env['PATH'], HOME: directory, GOTOOLCHAIN: 'local', GOPROXY: 'off' };
  execFileSync('go', ['build', '-o', worker, example('go/worker.go')], { cwd: directory, env, stdio: 'pipe' });
  await losesNothing(t, { worker: [worker], sockets: ['port', 'path'], onKept: 50 });
});
