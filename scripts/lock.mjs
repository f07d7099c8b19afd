/** A lock file, so that `npm start` and `npm test` begun together do not both install or compile. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const tooOld = 15 * 60_000;

/** Does `work` while the file at `path` is this process's own; waits for another process that holds it. */
export async function withLock(path, work) {
  let told = false;
  while (!taken(path)) {
    if (abandoned(path)) rmSync(path, { force: true });
    else {
      if (!told) process.stderr.write(`prepare: waiting for another one, which holds ${path}\n`);
      told = true;
      await pause(100);
    }
  }
  // At 'exit', too, since a step that fails ends the process.
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  await work();
  process.removeListener('exit', release);
  release();
}

function taken(path) {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether its holder is gone, or the file is so old that another process must have the pid by now. */
function abandoned(path) {
  try {
    if (Date.now() - statSync(path).mtimeMs > tooOld) return true;
    const pid = Number(readFileSync(path, 'utf8'));
    if (pid > 0) process.kill(pid, 0);
    return false;
  } catch (error) {
    // ESRCH: no such process any more. EPERM: it lives, and is another user's.
    return error.code === 'ESRCH';
  }
}
