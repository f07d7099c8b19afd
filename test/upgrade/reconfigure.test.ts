/** The command line that was put in force is that of the image after an upgrade, and of the one that wakes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { withoutSleeper } from '../helpers/images/asleep.js';
import { freePort } from '../helpers/place/ports.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { commanding, controlled } from '../helpers/running/control-socket.js';
import { saidBy } from '../helpers/running/control.js';
import { standing, reconfiguring, statusOf, type Wanted } from '../helpers/running/reconfiguring.js';
import { lingering, type StatusRun } from '../helpers/running/status-run.js';
import { asleep, upgrade, withoutUpgrade } from '../helpers/running/upgrades.js';

const how = { skip: withoutUpgrade };
const nothing = { code: 0, stderr: '' };

async function reconfigured(t: Test, run: StatusRun, words: readonly string[], wanted: Wanted): Promise<void> {
  t.same(await saidBy(reconfiguring(t, run, words, wanted)), nothing);
}

/** Asks for a new worker, and gives its arguments as the system has them. */
async function restarted(t: Test, run: StatusRun): Promise<string> {
  t.same(await saidBy(commanding(t, ['--restart'], run.directory)), nothing);
  const [worker] = (await statusOf(t, run)).workers;
  return procFile(worker?.pid, 'cmdline');
}

t.test('after an upgrade everything is as the command line in force has it', how, async (t) => {
  const options = [`--port=127.0.0.1:${String(await freePort())}`, '--path=new', '--signal-on-hup=QUIT', '--log-time'];
  const run = await controlled(t, ['-q', 'QUIT,TERM'], { options: ['--path=old'] });
  await reconfigured(t, run, ['-q', 'QUIT,TERM', 'second'], { options });
  const before = await standing(t, run);
  run.signal('SIGUSR2');
  await run.sees(/^\S+ upgraded from/);
  t.same(await standing(t, run), before);
  t.match(await restarted(t, run), 'second');
  t.match(run.stderr, /^\S+ new worker is now running, sending QUIT to old workers/m, 'the signal, and the time');
  await reconfigured(t, run, [], { options: ['--path=new'] });
  t.match((await standing(t, run)).listeners, [{ name: 'new' }], 'and another one may follow');
  await run.stop();
  t.notOk(existsSync(join(run.directory, 'new')));
});

t.test('a number that is printed in another way than it is typed is understood by the next image', how, async (t) => {
  const run = await controlled(t);
  const long = '9'.repeat(400);
  await reconfigured(t, run, [], { options: ['--stop-timeout=99999999999999999999'], how: [`--timeout=${long}`] });
  await upgrade(run);
  await run.stop();
});

t.test('a logger and a status file of it go on', how, async (t) => {
  const run = await controlled(t);
  const files = ['--log-file=| cat >log', '--status-file=st2'];
  await reconfigured(t, run, ['-m', 'one'], { options: files });
  const log = () => readFileSync(join(run.directory, 'log'), 'latin1');
  const open = descriptorsOf(run.pid).length;
  for (const times of [1, 2]) {
    run.signal('SIGUSR2');
    await eventually('the upgrade', () => log().split('upgraded from').length === times + 1, { seen: log });
  }
  // The connection of a client that has ended may be counted before, or is closed a moment later.
  await eventually('no descriptor more', () => descriptorsOf(run.pid).length <= open);
  t.match(await restarted(t, run), 'one');
  t.match(readFileSync(join(run.directory, 'st2'), 'latin1'), /^3:\d+\n$/);
  await reconfigured(t, run, ['-m', 'two'], { options: ['--log-file=other'] });
  await eventually('the end of the logger', () => !/cat$/m.test(childrenNames(run.pid)));
  t.same(await saidBy(commanding(t, ['--stop'], run.directory)).then(({ code }) => code), 0);
});

function childrenNames(pid: number): string {
  const children = procFile(pid, `task/${String(pid)}/children`)
    .trim()
    .split(' ');
  return children.map((child) => procFile(child, 'comm').trim()).join('\n');
}

t.test('an upgrade waits until a command line that is tried is decided', how, async (t) => {
  const run = await controlled(t);
  const change = reconfiguring(t, run, ['x'], { options: ['--interval=2'] });
  await run.sees(/^starting new worker/, 2);
  await upgrade(run);
  t.same(await saidBy(change), nothing);
  t.match(run.stderr, /the new command line is in force[^]*old worker \d+ died[^]*upgraded from/);
  t.match((await statusOf(t, run)).command?.at(-1), 'x');
  await run.stop();
});

t.test('and until nothing is left of the one before, whether or not somebody waits for that', how, async (t) => {
  const run = await controlled(t, [], { options: ['--path=old', lingering] });
  const change = reconfiguring(t, run, []);
  await run.sees(/^killing old workers/);
  change.signal('SIGKILL');
  await change.ended();
  const upgraded = upgrade(run);
  for (let times = 1; times <= 5; times += 1)
    t.same((await commanding(t, ['--show-status'], run.directory).ended()).code, 0, 'it answers meanwhile');
  run.kill(1);
  await upgraded;
  t.match(run.stderr, /sockets closed: old\n[^]*upgraded from/);
  t.notOk(existsSync(join(run.directory, 'old')));
  await run.stop();
});

t.test('it wakes with the command line in force', { skip: withoutSleeper }, async (t) => {
  const run = await controlled(t, [], { options: ['--hibernate=0'] });
  await asleep(run.pid, () => run.stderr);
  await reconfigured(t, run, ['second'], { options: ['--hibernate=0', '--path=s'] });
  await asleep(run.pid, () => run.stderr);
  t.match(await restarted(t, run), 'second');
  t.match((await statusOf(t, run)).listeners, [{ name: 's' }]);
  await run.stop();
});
