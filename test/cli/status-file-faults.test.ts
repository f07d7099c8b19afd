/** A status file that cannot be written: before the start an error, later a line of the log. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { failing } from '../helpers/running/first-worker.js';
import { freePort, isFree } from '../helpers/place/ports.js';
import { probe } from '../helpers/processes/probe.js';
import { isAlive } from '../helpers/running/starter.js';
import { StatusRun } from '../helpers/running/status-run.js';
import { workspace } from '../helpers/place/workspace.js';

const isRoot = process.getuid?.() === 0;
const asNobody = isRoot ? ['setpriv', '--reuid=65534', '--clear-groups', '--inh-caps=-all'] : [];

const refused: readonly (readonly [path: string, line: string, code: number])[] = [
  [
    'no/st',
    'failed to create temporary file:no/st.S:No such file or directory; let this user write to the directory of the --status-file, and see that it exists and has room',
    2,
  ],
  [
    'closed/st',
    'failed to create temporary file:closed/st.S:Permission denied; let this user write to the directory of the --status-file, and see that it exists and has room',
    13,
  ],
  [
    'file/st',
    'failed to create temporary file:file/st.S:Not a directory; let this user write to the directory of the --status-file, and see that it exists and has room',
    20,
  ],
  [
    'directory',
    'failed to rename directory.S to directory:Is a directory; give a --status-file that is a file, or not there yet',
    21,
  ],
];
t.test('before the start it is an error, and nothing is started', async (t) => {
  const port = await freePort();
  for (const [path, line, code] of refused) {
    const cwd = workspace(t);
    chmodSync(cwd, 0o777);
    for (const [name, mode] of [
      ['directory', 0o777],
      ['closed', 0o555],
    ] as const) {
      mkdirSync(join(cwd, name));
      chmodSync(join(cwd, name), mode);
    }
    writeFileSync(join(cwd, 'file'), '');
    const options = [`--status-file=${path}`, `--port=${String(port)}`, '--path=s', '--pid-file=pid'];
    // The original finds out after the first interval, and leaves the worker behind.
    const ended = await failing(t, ['--interval=0', ...options, '--', probe()], { cwd, under: asNobody });
    t.equal(ended.code, code, path);
    const lines = ended.stderr
      .replace(/(?<=\.)\d+(?=[: ])/g, 'S')
      .split('\n')
      .slice(1);
    t.same(lines, [line, '']);
    t.ok(await isFree(port));
    t.same(readdirSync(cwd).sort(), ['closed', 'directory', 'file'], 'and nothing is left');
  }
});

t.test('when its directory is gone the service goes on, and when it is back so is the file', async (t) => {
  const directory = join(workspace(t), 'd');
  mkdirSync(directory);
  const run = new StatusRun(t, ['--interval=0'], [], {}, join(directory, 'st'));
  await run.says('1:W1');
  rmSync(directory, { recursive: true });
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died/);
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died/, 2);
  t.match(run.stderr, /^failed to create temporary file:.*\/d\/st\.\d+:No such file or directory;/m);
  t.equal(run.lines.filter((line) => line.startsWith('failed')).length, 1, 'told once');
  t.ok(isAlive(run.workers[2] ?? NaN), 'the new worker works');
  mkdirSync(directory);
  await run.reload();
  await run.says('4:W4');
  t.same(await run.stop(), { code: 0, signal: null });
});

t.test('when it is gone at the end, nothing is said', async (t) => {
  const run = new StatusRun(t, ['--interval=0']);
  await run.says('1:W1');
  rmSync(run.path);
  run.signal('SIGTERM');
  t.same(await run.ended(), { code: 0, signal: null });
  t.equal(run.lines.at(-1), 'exiting');
});

t.test('on a full disk the last complete file stays', { skip: cannotMount() }, async (t) => {
  const disk = tinyDisk(t);
  const run = new StatusRun(t, ['--interval=0'], [], {}, join(disk, 'st'));
  await run.says('1:W1');
  fill(t, join(disk, 'filler'));
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died/);
  await run.sees(/^failed to write temporary file:.*\/st\.\d+:No space left on device;/);
  t.equal(run.status, '1:W1', 'in the original it is empty');
  // Each state of the workers is tried anew, so the draft of a later one may be there for a moment.
  await eventually('no draft', () => readdirSync(disk).sort().join() === 'filler,st', {
    seen: () => readdirSync(disk).join(),
  });
  rmSync(join(disk, 'filler'));
  await run.reload();
  await run.says('3:W3');
  await run.stop();
  t.same(readdirSync(disk), []);
});

/** Why a file system of the test's own cannot be had, or false. */
function cannotMount(): string | false {
  if (!isRoot) return 'only root can mount a file system';
  const tried = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { encoding: 'latin1' });
  return tried.status === 0 ? false : `no file system can be mounted here: ${tried.stderr}`;
}

function tinyDisk(t: Test): string {
  const disk = workspace(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', disk]);
  t.teardown(() => execFileSync('umount', ['-l', disk]));
  return disk;
}

/** Writes until the disk takes no more. */
function fill(t: Test, path: string): void {
  t.throws(() => writeFileSync(path, Buffer.alloc(2 ** 20)), { code: 'ENOSPC' });
}
