/** Fifty command lines, one after the other, under clients that never stop asking: what stays loses no request. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { Load } from '../helpers/load/load.js';
import { freePort } from '../helpers/place/ports.js';
import { example } from '../helpers/place/samples.js';
import { processesBelow, room } from '../helpers/place/room.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { saidBy } from '../helpers/running/control.js';
import { isAlive, Run } from '../helpers/running/starter.js';

const count = 50;
const options = ['--control=c', '--ready=fd', '--stop-timeout=30'];

/** Tells that it is ready when it serves. */
const program = ['--', 'sh', '-c', `(sleep 0.1; echo >&$SERVER_STARTER_READY_FD) & exec "$@"`, 'sh'];
const worker = [process.execPath, example('http-worker.js')];

/** Sockets come and go beside those that stay, which change their numbers; the path is another in each turn. */
function others(turn: number, port: number): string[] {
  const paths = [`--path=t${String(turn)}`, ...(turn % 3 === 0 ? ['--path=sometimes'] : [])];
  return turn % 2 === 0 ? [...paths, `--port=127.0.0.1:${String(port)}`] : paths;
}

t.test(`${String(count)} reconfigurations lose no request on what stays`, async (t) => {
  const directory = room(t);
  const [port, guest] = [await freePort(), await freePort()];
  const stays = (turn: number) => [`--port=127.0.0.1:${String(port)}${turn % 5 === 4 ? '=20' : ''}`, '--path=s'];
  const line = (turn: number) => [
    ...options,
    ...stays(turn),
    ...others(turn, guest),
    `--backlog=${String(500 + turn)}`,
    ...program,
    ...worker,
    String(turn),
  ];
  const run = new Run(t, line(0), { cwd: directory });
  await run.sees(/is ready$/);
  const load = new Load({ addresses: [port, join(directory, 's')], connections: 8, keptAlive: 4, thinking: 5 });
  t.teardown(() => load.stop());

  for (let turn = 1; turn <= count; turn += 1) {
    const asked = load.report.requests;
    const change = new Run(t, ['--reconfigure', ...line(turn)], { cwd: directory });
    t.same(await saidBy(change), { code: 0, stderr: '' }, `turn ${String(turn)}`);
    t.ok(existsSync(join(directory, `t${String(turn)}`)), 'what is new is there');
    t.notOk(existsSync(join(directory, `t${String(turn - 1)}`)), 'what is gone is not');
    await eventually('more requests', () => load.report.requests > asked + 20);
  }
  const { requests, failures, generations, addresses } = await load.stop();
  t.comment(`${String(requests)} requests, ${String(generations.size)} generations`);
  t.same(failures, {});
  t.equal(addresses.size, 2, 'both sockets were asked');
  const sockets = () => descriptorsOf(run.pid).filter((one) => one.includes('socket')).length;
  t.ok(sockets() < 15, `${String(sockets())} sockets are left`);
  t.same(await run.stop(), { code: 0, signal: null });
  await eventually('the end of all', () => processesBelow(directory).length === 0);
});

t.test('after a kill -9 in the midst of one the next start serves, on both sockets', async (t) => {
  const directory = room(t);
  const files = ['--pid-file=pid', '--status-file=st', '--control=c'];
  const port = `--port=127.0.0.1:${String(await freePort())}`;
  const run = new Run(t, [...files, port, '--interval=0', '--', 'sleep', '99'], { cwd: directory });
  await eventually('the status file', () => existsSync(join(directory, 'st')), { seen: () => run.stderr });
  const line = [...files, port, '--path=s', '--interval=60', '--', 'sleep', '98'];
  const change = new Run(t, ['--reconfigure', ...line], { cwd: directory });
  await run.sees(/^starting new worker/, 2);
  run.signal('SIGKILL');
  t.match(await saidBy(change), { code: 1, stderr: /^start_server has ended before it had answered/ });
  const next = new Run(
    t,
    line.map((word) => (word === '--interval=60' ? '--interval=0' : word)),
    { cwd: directory },
  );
  const left = () => run.workers.filter((pid) => isAlive(pid));
  await eventually('the end of those of both command lines', () => left().length === 0, { seen: () => next.stderr });
  t.ok(existsSync(join(directory, 's')));
  t.same(await next.stop(), { code: 0, signal: null });
});
