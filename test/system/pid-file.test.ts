import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { PidFile, PidFileLocked } from '../../src/system/files/pid-file.js';
import { workspace } from '../helpers/place/workspace.js';

/** Has another process lock the file for that long. */
async function lockedFor(t: Test, path: string, seconds: string): Promise<void> {
  const script = 'exec 9>>"$1"; flock 9; echo 42 >&9; echo locked; exec sleep "$2"';
  const child = spawn('sh', ['-c', script, 'sh', path, seconds], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
}

function refusal(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

t.test('a lock that --stop holds for a moment, to look at it, is waited for', async (t) => {
  const path = join(workspace(t), 'pid');
  await lockedFor(t, path, '0.01');
  PidFile.lock(path).unlock();
});

t.test('one that stays held is not', async (t) => {
  const path = join(workspace(t), 'pid');
  await lockedFor(t, path, '99');
  const error = refusal(() => PidFile.lock(path));
  t.ok(error instanceof PidFileLocked);
  t.match(error, { holder: '42' });
});
