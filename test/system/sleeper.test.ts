/** The sleeper: what wakes it, what does not, and what it takes meanwhile. */
import { closeSync, readFileSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { createConnection } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import {
  awake,
  fallAsleep,
  filesOfImage,
  isAsleep,
  sleepRequest,
  withoutSleeper,
  type Wakes,
} from '../helpers/images/asleep.js';
import { plan, signalsIn, type Image, type ImageOptions } from '../helpers/images/image.js';
import { request } from '../helpers/processes/native.js';
import { atRest, descriptorsOf } from '../helpers/processes/processes.js';
import { workspace } from '../helpers/place/workspace.js';
import { procFile } from '../helpers/processes/proc-file.js';

const skip = withoutSleeper;
const { SIGHUP, SIGTERM, SIGCHLD, SIGWINCH, SIGURG, SIGCONT, SIGTSTP, SIGUSR2, SIGALRM, SIGSTOP } = constants.signals;

/** The first descriptor behind those of every image. */
const sixth = 6;

/** An image that sleeps until this. */
async function asleep(t: Test, wakes: Wakes = {}, options: ImageOptions = {}): Promise<Image> {
  const files = filesOfImage(t);
  const image = await awake(t, files, options);
  await fallAsleep(image, sleepRequest(files, 2, wakes));
  return image;
}

for (const signal of plan.handled)
  t.test(`sleeper: signal ${String(signal)} wakes it, and is there for the node that wakes`, { skip }, async (t) => {
    const image = await asleep(t);
    process.kill(image.pid, signal);
    await image.is(2);
    await image.sees('the signal', () => image.signals.length > 0);
    t.same(image.signals, [signal]);
  });

t.test('sleeper: a signal that came before it slept wakes it at once', { skip }, async (t) => {
  const files = filesOfImage(t);
  const image = await awake(t, files);
  image.exec(sleepRequest(files, 2), [SIGTERM, SIGHUP]);
  await image.is(2);
  await image.sees('both', () => image.signals.length > 1);
  t.same(image.signals, [SIGHUP, SIGTERM]);
});

t.test('sleeper: other signals do not wake it, nor do a stop and a continuation', { skip }, async (t) => {
  const image = await asleep(t, { signals: [SIGHUP, SIGTERM] });
  const others = [SIGWINCH, SIGURG, SIGUSR2, SIGALRM, SIGCHLD, SIGTSTP];
  for (const signal of [...others, SIGSTOP, SIGCONT]) process.kill(image.pid, signal);
  await atRest(image.pid);
  t.ok(isAsleep(image.pid));
  // CONT has taken TSTP away, as it does.
  t.strictSame(
    signalsIn(image.pid, 'ShdPnd'),
    [...others.slice(0, -1), SIGCONT].sort((a, b) => a - b),
    'they wait',
  );
  process.kill(image.pid, SIGHUP);
  await image.is(2);
});

t.test('sleeper: a client, a word, a broken pipe wake it', { skip }, async (t) => {
  const inet = { family: 'inet', type: 'stream', address: '127.0.0.1', port: 0, backlog: 5 } as const;
  const listener = addon.openListener(inet);
  const [reading, writing] = addon.pipe();
  const [orphaned, lastWriter] = addon.pipe();
  const port = addon.localPort(listener);
  const events: [string, number, () => unknown][] = [
    ['a client', listener, () => createConnection(port, '127.0.0.1').on('error', () => undefined)],
    ['a word', reading, () => writeSync(writing, 'x')],
    ['the end of the last writer', orphaned, () => closeSync(lastWriter)],
  ];
  for (const [name, descriptor, happen] of events) {
    const image = await asleep(t, { readable: [sixth] }, { descriptors: [descriptor] });
    closeSync(descriptor);
    t.ok(isAsleep(image.pid), `not before ${name}`);
    happen();
    await image.is(2);
  }
  closeSync(writing);
});

t.test('sleeper: a change of a directory wakes it', { skip }, async (t) => {
  const [files, watched] = [filesOfImage(t), workspace(t)];
  const image = await awake(t, files);
  await image.call('watch', [watched]);
  const inotify = descriptorsOf(image.pid).find((each) => each.endsWith('inotify'));
  await fallAsleep(image, sleepRequest(files, 2, { readable: [Number.parseInt(inotify ?? '', 10)] }));
  await atRest(image.pid);
  t.ok(isAsleep(image.pid));
  writeFileSync(join(watched, 'VARIABLE'), 'value');
  await image.is(2);
});

t.test('sleeper: a descriptor that is not open wakes it at once', { skip }, async (t) => {
  const files = filesOfImage(t);
  const image = await awake(t, files);
  image.exec({ ...sleepRequest(files, 2, { readable: [99] }), keep: [0, 1, 2, 3, 4, 5] });
  await image.is(2);
});

t.test('sleeper: the deadline wakes it', { skip }, async (t) => {
  const now = () => process.hrtime.bigint();
  const deadlines: [string, () => bigint][] = [
    ['that is past', () => now() - 1n],
    ['of long ago', () => 1n],
    ['of soon', () => now() + 300_000_000n],
  ];
  for (const [name, deadline] of deadlines) {
    const files = filesOfImage(t);
    const image = await awake(t, files);
    const until = deadline();
    image.exec(sleepRequest(files, 2, { until }));
    await image.is(2);
    t.ok(now() >= until, name);
  }
  const image = await asleep(t, { until: 2n ** 63n - 1n });
  await atRest(image.pid);
  t.ok(isAsleep(image.pid), 'that of a later century has not come');
});

t.test('sleeper: what was handed to it is handed on', { skip }, async (t) => {
  const files = filesOfImage(t);
  const image = await awake(t, files);
  const request = sleepRequest(files, 2, { environment: ['NOTHING', 'BYTES=\xff\x80=x', 'A=2', 'A=1'] });
  await fallAsleep(image, { ...request, args: [...request.args, '--port=1', '\xff'] });
  process.kill(image.pid, SIGHUP);
  await image.is(2);
  const read = (file: string) => procFile(image.pid, file).split('\0').slice(0, -1);
  t.same(read('environ'), request.env);
  t.same(read('cmdline'), [files.node, files.script, '--port=1', '\xff']);
});

t.test('sleeper: children that end meanwhile are there for the node that wakes', { skip }, async (t) => {
  const [reading, writing] = addon.pipe();
  const files = filesOfImage(t);
  const image = await awake(t, files, { descriptors: [reading] });
  closeSync(reading);
  const waiting = request('/bin/sh', ['-c', 'read line; exit 7'], { fds: [[sixth, 0]] });
  const child = Number(await image.call('spawn', [waiting]));
  await fallAsleep(image, sleepRequest(files, 2));
  closeSync(writing);
  await image.is(2);
  t.same(await image.call('waitpid', [child]), { pid: child, status: 7 << 8 });
  t.same(await image.sees('CHLD', () => image.signals), [SIGCHLD]);
});

t.test('sleeper: it takes next to nothing', { skip }, async (t) => {
  const image = await asleep(t);
  const proc = `/proc/${String(image.pid)}`;
  const read = (file: string, line: string) =>
    Number(new RegExp(`^${line}:\\s*(\\d+)`, 'm').exec(readFileSync(`${proc}/${file}`, 'latin1'))?.[1]);
  const [rss, pss] = [read('status', 'VmRSS'), read('smaps_rollup', 'Pss')];
  t.comment(
    `RSS ${String(rss)} kB, PSS ${String(pss)} kB, program ${String(readFileSync(`${proc}/exe`).length)} bytes`,
  );
  t.ok(rss <= 64 && pss <= 64);
  t.same(readdirSync(`${proc}/task`).length, 1);
  const activity = () => [
    ...readFileSync(`${proc}/stat`, 'latin1').split(' ').slice(13, 15),
    read('status', 'voluntary_ctxt_switches'),
    read('status', 'nonvoluntary_ctxt_switches'),
  ];
  await atRest(image.pid);
  const before = activity();
  await pause(2000);
  t.same(activity(), before, 'no time of the processor, nor a glance at anything, in two seconds');
});
