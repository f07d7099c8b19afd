/** What an exec of the addon leaves to the next program: the same process, its children, descriptors, signals and bytes. */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { flagsOf } from '../helpers/processes/descriptor-flags.js';
import { eventually } from '../helpers/eventually.js';
import { environmentOf, entries, Image, nextImage, plan, signalsIn, SIGRT } from '../helpers/images/image.js';
import { request, script } from '../helpers/processes/native.js';
import { parseDump, probe, type ProbeDump } from '../helpers/processes/probe.js';
import { parentOf } from '../helpers/processes/processes.js';
import { workspace } from '../helpers/place/workspace.js';
import { procFile } from '../helpers/processes/proc-file.js';

const skip = process.platform !== 'linux' && 'there is no preloaded library elsewhere';
const { SIGHUP, SIGTERM, SIGUSR1, SIGCHLD, SIGKILL } = constants.signals;

/** Those of the process's own mistakes are never held back. */
const faults = ['SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGSYS'] as const;
const signalsOfFaults = faults.map((name) => constants.signals[name]);

/** What a program finds that an image becomes. */
async function found(t: Test, image: Image, more: { args?: string[]; env?: string[]; keep?: number[] } = {}) {
  const dump = join(workspace(t), 'dump');
  const args = ['probe', '-o', dump, '-d', '0', ...(more.args ?? [])];
  image.exec({ file: probe(), args, env: more.env ?? [], keep: more.keep ?? [0, 1, 2] });
  await image.sees('the end of the probe', () => image.ended);
  return parseDump(readFileSync(dump, 'latin1'));
}

/** Descriptors of a dump, and what they are, without the pipe ends that a test has no name for. */
function targetsIn({ fds }: ProbeDump): Record<number, string> {
  return Object.fromEntries(Array.from(fds, ([fd, { target }]) => [fd, target]));
}

function targetOf(pid: number, fd: number): string {
  return readlinkSync(`/proc/${String(pid)}/fd/${String(fd)}`);
}

t.test('exec: the process stays the same, and so do its children', { skip }, async (t) => {
  const image = new Image(t);
  await image.is(1);
  const child = async (words: string) => Number(await image.call('spawn', [request('/bin/sh', ['-c', words])]));
  const [failed, killed, living] = [await child('exit 7'), await child('kill -9 $$'), await child('exec sleep 100')];
  image.exec(nextImage(2));
  await image.is(2);
  t.equal(parentOf(image.pid), process.pid);
  t.equal(parentOf(living), image.pid);
  t.same(await image.call('waitpid', [failed]), { pid: failed, status: 7 << 8 });
  t.same(await image.call('waitpid', [killed]), { pid: killed, status: SIGKILL });
  process.kill(living, SIGTERM);
  const end = await eventually('the end of the child', async () => (await image.call('waitpid', [living])) ?? false);
  t.same(end, { pid: living, status: SIGTERM });
});

t.test('exec: signals that were pending, or not acted upon, are pending in the next image', { skip }, async (t) => {
  const signals = [SIGHUP, SIGUSR1, SIGTERM, SIGCHLD, SIGRT];
  const image = new Image(t);
  await image.is(1);
  image.exec(nextImage(2, { env: entries(environmentOf(2, null)) }), signals);
  await image.is(2);
  t.same(
    signalsIn(image.pid, 'ShdPnd'),
    [...signals].sort((a, b) => a - b),
    'their handlers had run',
  );
  image.exec(nextImage(3));
  await image.is(3);
  await image.sees('all of them', () => image.signals.length >= signals.length);
  t.same([...image.signals].sort(), [...signals].sort(), 'each once');
});

t.test(
  'exec: an ignored signal is not ignored by the next program, nor does it get lost there',
  { skip },
  async (t) => {
    const image = new Image(t, { env: { IMAGE_SIGNALS: JSON.stringify({ ...plan, handled: [], ignored: [SIGHUP] }) } });
    await image.is(1);
    t.same(signalsIn(image.pid, 'SigIgn'), [SIGHUP]);
    image.exec(nextImage(2, { env: entries(environmentOf(2, null)) }));
    await image.is(2);
    t.same(signalsIn(image.pid, 'SigIgn'), []);
    process.kill(image.pid, SIGHUP);
    image.exec(nextImage(3));
    await image.sees('HUP', () => image.signals.includes(SIGHUP));
  },
);

t.test('exec: all signals are blocked then but those of faults, in the only thread', { skip }, async (t) => {
  const image = new Image(t);
  await image.is(1);
  t.ok(readdirSync(`/proc/${String(image.pid)}/task`).length > 1, 'node has more than one');
  const dump = await found(t, image);
  const all = Array.from({ length: 64 }, (_, index) => index + 1);
  const never = [constants.signals.SIGKILL, constants.signals.SIGSTOP, 32, 33, ...signalsOfFaults];
  t.same(dump.process.blocked, all.filter((signal) => !never.includes(signal))); // prettier-ignore
  t.same([dump.process.ignored, dump.process.caught], [[], []]);
});

t.test('exec: exactly the descriptors that are kept stay open', { skip }, async (t) => {
  const path = join(workspace(t), 'pid');
  const [locked, other] = [openSync(path, 'w+'), openSync(path, 'r')];
  const image = new Image(t, { descriptors: [locked, openSync('/dev/null', 'r')] });
  await image.is(1);
  t.equal(await image.call('tryLock', [3]), true);
  closeSync(locked);
  const inet = { family: 'inet', type: 'stream', address: '127.0.0.1', port: 0, backlog: 5 };
  const listener = Number(await image.call('openListener', [inet]));
  const [reading] = (await image.call('pipe', [])) as [number, number];
  const memory = Number(await image.call('memoryFile', ['document', 'a\0\xff']));
  const keep = [0, 1, 2, 3, listener, reading, memory];
  const expected = keep.map((fd) => [fd, targetOf(image.pid, fd)]);
  const { fds } = await found(t, image, { keep });
  t.same(targetsIn({ fds } as ProbeDump), Object.fromEntries(expected));
  t.equal(fds.get(listener)?.options['SO_ACCEPTCONN'], 1, 'the listener listens');
  t.equal(addon.tryLock(other), true, 'the lock was the process’s, which has ended');
  closeSync(other);
});

t.test('exec: a lock is held on, and a memory file is what it was', { skip }, async (t) => {
  const path = join(workspace(t), 'pid');
  const [locked, other] = [openSync(path, 'w+'), openSync(path, 'r')];
  const image = new Image(t, { descriptors: [locked] });
  await image.is(1);
  await image.call('tryLock', [3]);
  closeSync(locked);
  const memory = Number(await image.call('memoryFile', ['document', 'a\0\xff']));
  image.exec(nextImage(2, { keep: [0, 1, 2, 3, memory] }));
  await image.is(2);
  t.equal(addon.tryLock(other), false);
  t.equal(procFile(image.pid, `fd/${String(memory)}`), 'a\0\xff');
  await image.call('setCloseOnExec', [memory]);
  t.equal(flagsOf(memory, image.pid).closeOnExec, true, 'and it is put back on the descriptor');
  closeSync(other);
});

t.test('exec: standard descriptors that are not kept are closed, as node has marked them', { skip }, async (t) => {
  const image = new Image(t, { descriptors: [openSync('/dev/null', 'r')] });
  await image.is(1);
  const { fds } = await found(t, image, { keep: [1] });
  t.same([...fds.keys()], [1]);
});

t.test('exec: arguments and environment arrive byte by byte', { skip }, async (t) => {
  const image = new Image(t);
  await image.is(1);
  const args = ['\xff\x80', '', 'ü'];
  const env = ['A=1', 'NOTHING', 'BYTES=\xff\x80=x', 'A=2', 'EMPTY=', '=odd'];
  const { argv, environ } = await found(t, image, { args, env });
  t.same(argv.slice(-args.length), args);
  t.same(environ, env);
});

t.test('exec: a script is executed by its interpreter', { skip }, async (t) => {
  const image = new Image(t);
  await image.is(1);
  const file = script(join(workspace(t), 'script'), '#!/bin/sh\nexit $1\n');
  image.exec({ file, args: ['script', '5'], env: [], keep: [0, 1, 2] });
  t.same(await image.sees('its end', () => image.ended), { code: 5, signal: null });
});
