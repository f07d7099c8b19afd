/** Another command line under systemd: the store has the sockets of the one in force, and those of systemd stay its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/place/ports.js';
import { workspace } from '../helpers/place/workspace.js';
import { probe } from '../helpers/processes/probe.js';
import { saidBy } from '../helpers/running/control.js';
import { isAlive, Run } from '../helpers/running/starter.js';
import { upgrade, withoutUpgrade } from '../helpers/running/upgrades.js';
import { opened, socketsOf, targetOf } from '../helpers/systemd/opened.js';
import { ProbeRun } from '../helpers/systemd/probe-run.js';

/** What a service manager gives the next process of a service. */
const storeOf = ({ store }: ProbeRun) => Array.from(store, ([descriptor, { name }]) => [name, descriptor] as const);

const names = (run: ProbeRun) => Array.from(run.store.values(), ({ name }) => name).sort();

async function stores(run: ProbeRun, wanted: readonly string[]): Promise<void> {
  const all = wanted.map((name) => `start_server ${name}`).sort();
  await eventually('the sockets in the store', () => names(run).join() === all.join(), {
    seen: () => names(run).join(),
  });
}

/** Gives another command line to one that has the control socket `c`. */
function change(t: Test, { cwd }: ProbeRun, options: readonly string[]) {
  const words = ['--systemd', '--control=c', '--interval=0', ...options, '--', probe(), '-o', 'dump%p'];
  return saidBy(new Run(t, ['--reconfigure', ...words], { cwd }));
}

const done = { code: 0, stderr: '' };

t.test('what is added is kept from then on, and what is closed no more', async (t) => {
  const cwd = workspace(t);
  const run = new ProbeRun(t, ['--path=old', '--path=same', '--control=c'], { cwd });
  await run.reaches('active');
  await stores(run, ['old', 'same']);
  t.same(await change(t, run, ['--path=same', '--path=new']), done);
  await stores(run, ['new', 'same']);
  t.same(
    ['old', 'same', 'new'].map((name) => existsSync(join(cwd, name))),
    [false, true, true],
  );
  run.signal('SIGKILL');
  for (const pid of run.workers.filter(isAlive)) process.kill(pid, 'SIGKILL');
  await run.ended();
  const next = new ProbeRun(t, ['--path=new', '--path=same'], { cwd, given: storeOf(run), store: run.store });
  await next.reaches('active');
  t.same(Object.values(socketsOf(await next.dump())).sort(), [...run.store.keys()].map(targetOf).sort());
  await next.stop();
});

t.test('a socket that an earlier start_server has left in the store goes like one of its own', async (t) => {
  const cwd = workspace(t);
  const first = new ProbeRun(t, ['--path=s'], { cwd });
  await first.reaches('active');
  await stores(first, ['s']);
  await first.stop();
  t.ok(existsSync(join(cwd, 's')));
  const how = { cwd, given: storeOf(first), store: first.store };
  const run = new ProbeRun(t, ['--path=s', '--control=c'], how);
  await run.reaches('active');
  t.same(await change(t, run, ['--path=other']), done);
  await stores(run, ['other']);
  t.notOk(existsSync(join(cwd, 's')));
  await run.stop();
});

t.test('and so does one of the image before', { skip: withoutUpgrade }, async (t) => {
  const run = new ProbeRun(t, ['--path=s', '--control=c'], { cwd: workspace(t) });
  await run.reaches('active');
  await stores(run, ['s']);
  await upgrade(run);
  t.same(await change(t, run, ['--path=other']), done);
  await stores(run, ['other']);
  t.notOk(existsSync(join(run.cwd, 's')));
  await run.stop();
  t.ok(existsSync(join(run.cwd, 'other')), 'the store has it');
});

t.test('a command line that fails leaves the store as it was', async (t) => {
  const run = new ProbeRun(t, ['--path=s', '--control=c'], { cwd: workspace(t) });
  await run.reaches('active');
  run.break();
  const words = ['--systemd', '--control=c', '--interval=0', '--path=s', '--path=n', '--', probe(), '-f', 'broken'];
  const { code } = await saidBy(new Run(t, ['--reconfigure', ...words], { cwd: run.cwd }));
  t.equal(code, 75);
  await stores(run, ['s']);
  t.notOk(existsSync(join(run.cwd, 'n')));
  await run.stop();
});

t.test('a socket of systemd is kept with its name, and stays when nobody asks for it any more', async (t) => {
  const cwd = workspace(t);
  const path = join(cwd, 'theirs');
  const port = `--port=127.0.0.1:${String(await freePort())}`;
  const given = [['web', opened(t, `unix ${path}`).descriptor]] as const;
  const listen = ['--listen-fds=named', '--control=c'];
  const run = new ProbeRun(t, [`--path=${path}`, ...listen], { cwd, given });
  await run.reaches('active');
  t.same(await change(t, run, [`--path=${path}`, port, ...listen.slice(0, 1)]), done);
  const { environ } = await run.dump(2);
  t.ok(environ.includes('LISTEN_FDS=2'));
  t.match(
    environ.find((one) => one.startsWith('LISTEN_FDNAMES=')),
    /^LISTEN_FDNAMES=.*\bweb\b/,
  );
  t.same(await change(t, run, [port, ...listen.slice(0, 1)]), done);
  t.ok(existsSync(path));
  t.equal(
    (await run.dump(3)).environ.find((one) => one.startsWith('LISTEN_FDS=')),
    'LISTEN_FDS=1',
  );
  await run.stop();
});

t.test('whether systemd is told cannot change, nor what LISTEN_FDS tells', async (t) => {
  const run = new ProbeRun(t, ['--control=c'], { cwd: workspace(t) });
  await run.reaches('active');
  const words = ['--listen-fds=named', '--control=c', '--', probe()];
  const { code, stderr } = await saidBy(new Run(t, ['--reconfigure', ...words], { cwd: run.cwd }));
  t.equal(code, 1);
  t.match(stderr, '--systemd cannot change while start_server runs; give --systemd as it was started with');
  t.match(stderr, '--listen-fds cannot change while start_server runs; leave --listen-fds out');
  await run.stop();
});
