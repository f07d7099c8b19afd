/** A sleeper whom the system refuses what it needs: it sleeps on, tries again at a measured pace, and loses nothing. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { nativeFile } from '../../src/system/engine/package-root.js';
import { awake, fallAsleep, filesOfImage, isAsleep, sleepRequest, withoutSleeper } from '../helpers/images/asleep.js';
import { eventually } from '../helpers/eventually.js';
import type { Image } from '../helpers/images/image.js';
import { withoutStrace } from '../helpers/processes/strace.js';
import { cannotMount } from '../helpers/place/tiny-disk.js';
import { workspace } from '../helpers/place/workspace.js';
import { procFile } from '../helpers/processes/proc-file.js';

const skip = withoutSleeper;
const { SIGHUP, SIGTERM } = constants.signals;

/** What the sleeper asks the system for, up to the wake, where some of it is refused. */
async function traced(t: Test, refusals: readonly string[], wake: (image: Image) => unknown, readable: number[] = []) {
  const files = filesOfImage(t);
  const trace = join(workspace(t), 'trace');
  const injections = refusals.flatMap((call) => ['-e', `inject=${call}`]);
  const calls = ['-e', 'trace=signalfd4,ppoll,execve,execveat'];
  const image = await awake(t, files, { under: ['strace', '-D', '-o', trace, ...calls, ...injections] });
  image.exec({ ...sleepRequest(files, 2, { readable }), keep: [0, 1, 2, 3, 4, 5] });
  await wake(image);
  await image.is(2);
  const lines = readFileSync(trace, 'latin1').split('\n');
  const asleep = lines.slice(lines.findIndex((line) => line.includes('/sleeper"')) + 1);
  return asleep.map((line) => [/^\w+/.exec(line)?.[0], /= -1 (E\w+)/.exec(line)?.[1]].filter(Boolean).join(' '));
}

const termWhenAsleep = async ({ pid }: Image): Promise<void> => {
  await eventually('the sleeper', () => isAsleep(pid));
  process.kill(pid, SIGTERM);
};

/** It waits until something has come. */
const sleeps = ['signalfd4', 'ppoll'];
/** It tries both nodes, and waits for a second. */
const fails = (code: string) => [`execve ${code}`, `execveat ${code}`, 'ppoll'];

for (const code of ['ENOMEM', 'E2BIG', 'ETXTBSY', 'EACCES'])
  t.test(
    `sleeper: a wake refused with ${code} is tried again, a second later`,
    { skip: skip || withoutStrace },
    async (t) => {
      // The first execve is that of the image.
      const refusals = [`execve:error=${code}:when=2`, `execveat:error=${code}:when=1`];
      const expected = [...sleeps, ...fails(code), ...sleeps, 'execve'];
      const calls = await traced(t, refusals, termWhenAsleep);
      t.same(calls.slice(0, expected.length), expected);
    },
  );

t.test('sleeper: it does not spin at a descriptor that is not open', { skip: skip || withoutStrace }, async (t) => {
  const refusals = ['execve:error=ENOMEM:when=2..3', 'execveat:error=ENOMEM:when=1..2'];
  const expected = [...sleeps, ...fails('ENOMEM'), ...sleeps, ...fails('ENOMEM'), ...sleeps, 'execve'];
  const calls = await traced(t, refusals, () => undefined, [99]);
  t.same(calls.slice(0, expected.length), expected);
});

t.test('sleeper: where it cannot wait, it wakes after a second', { skip: skip || withoutStrace }, async (t) => {
  const refusals = [
    ['signalfd4:error=EMFILE:when=1', ['signalfd4 EMFILE', 'ppoll', 'execve']],
    ['ppoll:error=EINVAL:when=1', ['signalfd4', 'ppoll EINVAL', 'ppoll', 'execve']],
  ] as const;
  for (const [refusal, expected] of refusals) {
    const calls = await traced(t, [refusal], () => undefined);
    t.same(calls.slice(0, expected.length), expected);
  }
});

t.test('sleeper: without /proc it wakes from the same files only', { skip: skip || cannotMount() }, async (t) => {
  const files = filesOfImage(t);
  const image = await awake(t, files, { under: ['unshare', '--mount'] });
  const inside = (...words: string[]) => execFileSync('nsenter', ['--target', String(image.pid), '--mount', ...words]);
  await fallAsleep(image, sleepRequest(files, 2));
  inside('umount', '--lazy', '/proc');
  process.kill(image.pid, SIGHUP);
  await image.is(2);
  await fallAsleep(image, sleepRequest(files, 3));
  rmSync(files.script);
  process.kill(image.pid, SIGTERM);
  const status = () => procFile(image.pid, 'status');
  const tries = () => Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status())?.[1]);
  const before = tries();
  await eventually('two more tries', () => tries() >= before + 2);
  t.ok(isAsleep(image.pid), 'node would not have found its script, and the run would be over');
  inside('mount', '-t', 'proc', 'none', '/proc');
  await image.is(3);
  t.same(await image.sees('TERM', () => image.signals.length > 1 && image.signals), [SIGHUP, SIGTERM]);
});

t.test('sleeper: what fits into its command line fits into that of the last node', { skip }, async (t) => {
  const files = filesOfImage(t);
  const image = await awake(t, files, { under: ['prlimit', '--stack=2097152:'] });
  const [sleeper = '', garbage = ''] = ['sleeper', 'garbage'].map((name) => join(files.directory, name));
  copyFileSync(nativeFile(import.meta.dirname, 'sleeper') ?? '', sleeper);
  writeFileSync(garbage, 'no program', { mode: 0o755 });
  const filled = (size: number, file: string) => ({ ...sleepRequest(files, 2, { environment: ofSize(size) }), file });
  let [fits, tooMuch] = [0, 600_000];
  while (tooMuch - fits > 1) {
    const middle = Math.floor((fits + tooMuch) / 2);
    // The system counts before it sees that this is no program.
    const { code } = await image.refused('exec', [filled(middle, garbage)]);
    if (code === 'E2BIG') tooMuch = middle;
    else fits = middle;
  }
  await fallAsleep(image, filled(fits, sleeper));
  rmSync(files.script);
  process.kill(image.pid, SIGTERM);
  await image.is(2);
});

/** Variables of so many bytes, each of which is short enough. */
function ofSize(size: number): string[] {
  const most = 100_000;
  const count = Math.floor(size / most);
  return ['FULL='.padEnd(size - count * most, 'x'), ...Array.from({ length: count }, () => 'FULL='.padEnd(most, 'x'))];
}
