import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { kill } from 'node:process';
import t from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { ended, probed, request } from '../helpers/processes/native.js';
import { signalsOf } from '../helpers/processes/probe.js';
import { currentUmask } from '../helpers/processes/umask.js';

const { SIGHUP, SIGUSR1, SIGPIPE, SIGALRM, SIGTERM, SIGCHLD } = constants.signals;
const REALTIME = 40;
const LAST = 64;

/** The signals that the calling thread blocks, waits with, ignores or handles. */
function own(mask: 'SigBlk' | 'SigIgn' | 'SigCgt' | 'SigPnd'): number[] {
  const status = readFileSync('/proc/thread-self/status', 'latin1');
  return signalsOf(new RegExp(`^${mask}:\\s*(\\w+)`, 'm').exec(status)?.[1] ?? '');
}

t.test('exactly the named signals are ignored, and exactly the named ones blocked', async (t) => {
  t.ok(own('SigIgn').includes(SIGPIPE), 'Node ignores SIGPIPE itself');
  const table: [ignoredSignals: number[] | undefined, blockedSignals: number[] | undefined][] = [
    [undefined, undefined],
    [[], []],
    [[SIGPIPE], []],
    [[SIGHUP, SIGPIPE, SIGCHLD], [SIGUSR1]],
    [[REALTIME], [SIGHUP, SIGTERM, REALTIME, LAST]],
  ];
  for (const [ignoredSignals, blockedSignals] of table) {
    const { process: child } = await probed(t, {
      ...(ignoredSignals && { ignoredSignals }),
      ...(blockedSignals && { blockedSignals }),
    });
    t.same(child.ignored, ignoredSignals ?? []);
    t.same(child.blocked, blockedSignals ?? []);
    t.same(child.caught, []);
  }
});

t.test('KILL and STOP cannot be ignored or blocked, and asking for it does no harm', async (t) => {
  const signals = [constants.signals.SIGKILL, constants.signals.SIGSTOP];
  const { process: child } = await probed(t, { ignoredSignals: signals, blockedSignals: signals });
  t.same([child.ignored, child.blocked], [[], []]);
});

t.test('the masks and handlers here stay as they were', async (t) => {
  const handler = (): void => {
    t.fail('nobody sent it');
  };
  process.on('SIGALRM', handler);
  t.teardown(() => process.off('SIGALRM', handler));
  const before = [own('SigBlk'), own('SigIgn'), own('SigCgt')];
  t.ok(before[2]?.includes(SIGALRM));
  await probed(t, { ignoredSignals: [SIGALRM], blockedSignals: [SIGALRM] });
  t.same([own('SigBlk'), own('SigIgn'), own('SigCgt')], before);
  t.same(own('SigBlk'), [], 'nothing is left blocked, by an earlier test either');
});

// The original's child swallowed such a TERM in the handler it had inherited, and was then waited for without end.
t.test('a TERM sent right after the spawn kills by its default action, in whatever stage', async (t) => {
  const handler = (): void => {
    t.fail('the child took it for its parent');
  };
  process.on('SIGTERM', handler);
  t.teardown(() => process.off('SIGTERM', handler));
  // Much to do between fork and exec makes it likely that the signal arrives there.
  const fds = Array.from({ length: 3000 }, (_, index) => [0, index] as const);
  const PATH = `PATH=${'/nonexistent:'.repeat(500)}/bin`;
  for (let round = 0; round < 60; round++) {
    const pid = addon.spawn(request('sleep', ['60'], { fds, env: [PATH] }));
    for (let pause = 0; pause < round * 2000; pause++);
    kill(pid, 'SIGTERM');
    t.equal(await ended(pid), SIGTERM);
  }
});

t.test('a TERM that the child is to block waits for it', async (t) => {
  const pid = addon.spawn(request('/bin/sleep', ['0.05'], { blockedSignals: [SIGTERM] }));
  kill(pid, 'SIGTERM');
  t.equal(await ended(pid), 0);
});

t.test('the soft limit on descriptors is set, the hard one kept', async (t) => {
  const limits = async (nofile?: number): Promise<unknown> =>
    (await probed(t, { ...(nofile !== undefined && { softLimits: { nofile } }) })).limits.get('Max open files');
  const present = (await limits()) as { soft: number; hard: number };
  t.same(await limits(256), { ...present, soft: 256 });
  t.same(await limits(16), { ...present, soft: 16 });
  // Node has raised its own to the hard one, which hides whether more than that is cut or refused.
  const lower = (soft: number): Buffer =>
    execFileSync('prlimit', ['--pid', String(process.pid), `--nofile=${String(soft)}:`]);
  lower(1000);
  t.teardown(() => lower(present.soft));
  t.same(await limits(), { ...present, soft: 1000 });
  t.same(await limits(Number.MAX_SAFE_INTEGER), { ...present, soft: present.hard }, 'no more than the hard one');
});

t.test('descriptors above the new limit arrive all the same', async (t) => {
  const { fds } = await probed(t, { softLimits: { nofile: 64 }, fds: [[0, 500]] });
  t.same([...fds.keys()], [500]);
});

t.test('a new session is made when asked for', async (t) => {
  const { process: leader } = await probed(t, { newSession: true });
  t.same([leader.sid, leader.pgid], [leader.pid, leader.pid]);
  for (const more of [{}, { newSession: false }]) {
    const { process: child } = await probed(t, more);
    t.not(child.sid, child.pid);
    t.not(child.pgid, child.pid);
  }
});

t.test('umask, user, priority stay those of the superdaemon', async (t) => {
  const { process: child } = await probed(t);
  t.equal(child.ppid, process.pid);
  t.equal(child.umask, currentUmask());
  t.equal(child.uid, process.getuid?.());
  t.equal(child.parentDeathSignal, 0);
});
