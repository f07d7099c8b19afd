/** An exec that the system refuses leaves everything as it was: descriptors, signals, threads, and the program. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { ExecRequest } from '../../src/system/engine/addon.js';
import { flagsOf } from '../helpers/processes/descriptor-flags.js';
import { eventually } from '../helpers/eventually.js';
import { Image, nextImage, signalsIn, SIGRT } from '../helpers/images/image.js';
import { script } from '../helpers/processes/native.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { slowed, withoutStrace } from '../helpers/processes/strace.js';
import { workspace } from '../helpers/place/workspace.js';
import { procFile } from '../helpers/processes/proc-file.js';

const skip = process.platform !== 'linux' && 'there is no preloaded library elsewhere';
const { SIGHUP, SIGTERM, SIGUSR1, SIGCHLD } = constants.signals;

/** All that an exec changes on its way. */
function stateOf(pid: number) {
  const threads = readdirSync(`/proc/${String(pid)}/task`).map(Number);
  return {
    descriptors: descriptorsOf(pid).map((each) => [each, flagsOf(Number.parseInt(each, 10), pid).closeOnExec]),
    dispositions: ['SigIgn', 'SigCgt'].map((line) => signalsIn(pid, line)),
    masks: threads.map((thread) => signalsIn(thread, 'SigBlk')),
    pending: ['SigPnd', 'ShdPnd'].map((line) => signalsIn(pid, line)),
  };
}

/** Calls exec, which is refused, with signals that nobody has acted upon yet. */
async function refused(t: Test, image: Image, request: ExecRequest, expected: Record<string, unknown>): Promise<void> {
  const raised = [SIGHUP, SIGTERM, SIGCHLD, SIGRT];
  const told = image.signals.length;
  const before = stateOf(image.pid);
  t.match(await image.refused('exec', [request], raised), expected);
  await image.sees('the signals', () => image.signals.length >= told + raised.length);
  t.same(image.signals.slice(told).sort(), [...raised].sort(), 'each is told once');
  t.same(stateOf(image.pid), before, 'as it was');
}

/** An image with descriptors of every kind: inherited by the exec or not, standard ones too. */
async function imageToRefuse(t: Test, more: ConstructorParameters<typeof Image>[1] = {}): Promise<Image> {
  const image = new Image(t, more);
  await image.is(1);
  await image.call('pipe', []);
  const first = Number(await image.call('memoryFile', ['kept', '']));
  // What dup2 makes is close-on-exec, what a child gets is not: the image has both.
  await image.call('dup2', [first, 50]);
  return image;
}

t.test('exec: refused for the file', { skip }, async (t) => {
  const image = await imageToRefuse(t);
  const directory = workspace(t);
  mkdirSync(join(directory, 'folder'));
  const cases: [file: string, code: string][] = [
    ['/nowhere', 'ENOENT'],
    ['', 'ENOENT'],
    [script(join(directory, 'plain'), 'x', 0o644), 'EACCES'],
    [join(directory, 'folder'), 'EACCES'],
    [join(directory, 'plain', 'x'), 'ENOTDIR'],
    [script(join(directory, 'garbage'), '\x7fELF is not all'), 'ENOEXEC'],
    [script(join(directory, 'orphan'), '#!/nowhere/sh\n'), 'ENOENT'],
    [`/${'x'.repeat(300)}`, 'ENAMETOOLONG'],
  ];
  for (const [file, code] of cases) {
    await refused(t, image, nextImage(2, { file, keep: [0, 2, 50] }), { code, syscall: 'execve' });
  }
  image.exec(nextImage(2));
  await image.is(2);
});

t.test('exec: refused for arguments, environment and descriptors', { skip }, async (t) => {
  const image = await imageToRefuse(t);
  const big = 'x'.repeat(200_000);
  const cases: [more: Partial<ExecRequest>, code: string, syscall: string][] = [
    [{ args: ['node', big] }, 'E2BIG', 'execve'],
    [{ env: [big] }, 'E2BIG', 'execve'],
    [{ env: Array.from({ length: 100_000 }, () => 'A=1'.padEnd(100)) }, 'E2BIG', 'execve'],
    [{ keep: [0, 50, 999] }, 'EBADF', 'fcntl'],
    [{ keep: [2 ** 31 - 1] }, 'EBADF', 'fcntl'],
  ];
  for (const [more, code, syscall] of cases) await refused(t, image, nextImage(2, more), { code, syscall });
  image.exec(nextImage(2));
  await image.is(2);
});

for (const code of ['ENOMEM', 'EAGAIN', 'ETXTBSY', 'EPERM', 'EIO'])
  t.test(`exec: refused by the system with ${code}`, { skip: skip || withoutStrace }, async (t) => {
    // That of node itself comes before strace begins to count.
    const image = await imageToRefuse(t, { under: slowed(`execve:error=${code}:when=1`) });
    await refused(t, image, nextImage(2), { code, syscall: 'execve' });
    image.exec(nextImage(2));
    await image.is(2);
  });

t.test('exec: signals that come while it is refused', { skip: skip || withoutStrace }, async (t) => {
  const image = new Image(t, { under: slowed('execve:delay_enter=1000000:when=1') });
  await image.is(1);
  const answer = image.refused('exec', [nextImage(2, { file: '/nowhere' })]);
  const numberOfExecve = '59 ';
  const call = () => procFile(image.pid, 'syscall');
  await eventually('the execve', () => call().startsWith(numberOfExecve));
  for (const signal of [SIGUSR1, SIGTERM]) process.kill(image.pid, signal);
  t.same(signalsIn(image.pid, 'ShdPnd'), [SIGUSR1, SIGTERM], 'they wait');
  t.match(await answer, { code: 'ENOENT' });
  await image.sees('the signals', () => image.signals.length >= 2);
  t.same(image.signals, [SIGUSR1, SIGTERM]);
});

t.test('exec: refused where the preloaded library is not', { skip }, async (t) => {
  const image = await imageToRefuse(t, { env: { LD_PRELOAD: '' } });
  t.equal(await image.call('launched', []), null, 'which is how to ask');
  await refused(t, image, nextImage(2), { code: 'ENOTSUP', syscall: 'execve' });
});

t.test('exec: without a free number for a descriptor', { skip }, async (t) => {
  const image = await imageToRefuse(t);
  const highest = Math.max(...descriptorsOf(image.pid).map((each) => Number.parseInt(each, 10)));
  while ((await image.call('memoryFile', ['filler', ''])) !== highest - 1);
  execFileSync('prlimit', ['--pid', String(image.pid), `--nofile=${String(highest + 1)}:`]);
  t.match(await image.refused('pipe', []), { code: 'EMFILE' });
  await refused(t, image, nextImage(2, { file: '/nowhere' }), { code: 'ENOENT' });
});
