import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { OtherProcess, wait } from '../../src/system/processes/process.js';
import { eventually } from '../helpers/eventually.js';
import { workspace } from '../helpers/place/workspace.js';
import { procFile } from '../helpers/processes/proc-file.js';

/** The pid of a process that runs until the end of the test. */
function running(t: Test, file: string, words: readonly string[], stdin: number | 'ignore' = 'ignore'): number {
  const child = spawn(file, words, { stdio: [stdin, 'ignore', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  if (child.pid === undefined) throw new Error(`${file} cannot be started`);
  return child.pid;
}

/** The last pid there can be, plus one. */
const nobody = Number(readFileSync('/proc/sys/kernel/pid_max', 'latin1'));

t.test('a process lives until it has been ended', async (t) => {
  const process = new OtherProcess(running(t, 'sleep', ['99']));
  t.ok(process.isAlive());
  t.ok(process.zombieIsTold);
  process.signal('TERM');
  await eventually('its end', () => !process.isAlive());
  // Until its parent, this process, has reaped it, a zombie takes signals.
  const refused = await eventually('nobody to signal', () => refusal(process));
  t.match(refused, { code: 'ESRCH', syscall: 'kill' });
});

t.test('a zombie does not live', async (t) => {
  // Becomes a program that never reaps the child it has.
  const parent = running(t, 'sh', ['-c', 'sleep 99 & exec sleep 99']);
  const children = `/proc/${String(parent)}/task/${String(parent)}/children`;
  const pid = await eventually('the child', () => Number(readFileSync(children, 'latin1')) || undefined);
  const process = new OtherProcess(pid);
  await eventually('the exec', () => procFile(parent, 'comm') === 'sleep\n');
  t.ok(process.isAlive());
  process.signal('TERM');
  await eventually('its end', () => !process.isAlive());
  t.match(procFile(pid, 'stat'), /\) Z /);
  t.notOk(new OtherProcess(pid).isAlive(), 'nor for whom it is new');
});

t.test('a pid that nobody has', (t) => {
  const process = new OtherProcess(nobody);
  t.notOk(process.isAlive());
  t.equal(process.hasOpen(0), false);
  t.equal(process.parent(), undefined);
  t.throws(
    () => {
      process.signal('HUP');
    },
    { code: 'ESRCH' },
  );
  t.end();
});

t.test('a later process with the same pid is another one', (t) => {
  const proc = workspace(t);
  mkdirSync(join(proc, '4000000'));
  const born = (moment: number, name = 'sleep') => {
    const fields = `S 1${' 0'.repeat(17)} ${String(moment)} 0 0`;
    writeFileSync(join(proc, '4000000/stat'), `4000000 (${name}) ${fields}\n`);
  };
  born(100);
  const process = new OtherProcess(4_000_000, proc);
  t.ok(process.isAlive());
  born(100, 'renamed) Z 1 (\n');
  t.ok(process.isAlive());
  t.equal(process.parent(), 1);
  born(101);
  t.notOk(process.isAlive());
  t.equal(process.parent(), undefined);
  t.throws(
    () => {
      process.signal('HUP');
    },
    { code: 'ESRCH', errno: -3, syscall: 'kill' },
    'which gets no signal',
  );
  t.end();
});

t.test('without /proc a process is asked by kill(2)', (t) => {
  const proc = workspace(t);
  const process = new OtherProcess(running(t, 'sleep', ['99']), proc);
  t.ok(process.isAlive());
  t.notOk(process.zombieIsTold);
  t.equal(process.hasOpen(0), undefined);
  t.notOk(new OtherProcess(nobody, proc).isAlive());
  t.end();
});

t.test('which process has a file open', (t) => {
  const directory = workspace(t);
  const [one = 0, other = 0] = ['one', 'other'].map((name) => {
    const descriptor = openSync(join(directory, name), 'w');
    t.teardown(() => {
      closeSync(descriptor);
    });
    return descriptor;
  });
  const process = new OtherProcess(running(t, 'sleep', ['99'], one));
  t.equal(process.hasOpen(one), true);
  t.equal(process.hasOpen(other), false);
  t.equal(new OtherProcess(globalThis.process.pid).hasOpen(one), false, 'our own descriptor does not count');
  t.end();
});

t.test('while some milliseconds pass, the rest goes on', async (t) => {
  const before = performance.now();
  let went = false;
  setImmediate(() => (went = true));
  await wait(20);
  t.ok(performance.now() - before >= 19);
  t.ok(went);
});

function refusal(process: OtherProcess): unknown {
  try {
    process.signal('TERM');
    return undefined;
  } catch (error) {
    return error;
  }
}
