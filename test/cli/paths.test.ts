import { lstatSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { firstWorker, sockets, variable } from '../helpers/running/first-worker.js';
import { freePort } from '../helpers/place/ports.js';
import { probe } from '../helpers/processes/probe.js';
import { Run } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';
import { procFile } from '../helpers/processes/proc-file.js';

const [unix, stream] = [1, 1];

t.test('a path becomes a listening socket in the worker, and is gone at the end', async (t) => {
  const path = join(workspace(t), 's');
  const { run, dump } = await firstWorker(t, [`--path=${path}`, '--backlog=7']);
  t.equal(variable(dump, 'SERVER_STARTER_PORT'), `${path}=3`);
  t.match(dump.fds.get(3), { name: path, cloexec: false, nonblock: false, access: 'RDWR' });
  t.match(dump.fds.get(3)?.options, { SO_DOMAIN: unix, SO_TYPE: stream, SO_ACCEPTCONN: 1, SO_REUSEADDR: 0 });
  t.equal(statSync(path).uid, process.geteuid?.());
  t.ok(await isAnswered(path));
  t.same(await run.stop(), { code: 0, signal: null });
  t.equal(lstatSync(path, { throwIfNoEntry: false }), undefined);
});

t.test('the socket is open to everyone under every umask, which stays as it was', async (t) => {
  for (const umask of ['0000', '0022', '0077', '0777']) {
    const path = join(workspace(t), 's');
    const under = ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh'];
    const run = new Run(t, ['--interval=0', `--path=${path}`, '--', probe()], { under });
    await run.sees(/^starting new worker/);
    t.equal(statSync(path).mode & 0o7777, 0o777, `under umask ${umask}`);
    for (const pid of [run.pid, ...run.workers]) {
      t.match(procFile(pid, 'status'), `\nUmask:\t${umask}\n`);
    }
    await run.stop();
  }
});

t.test('ports come first, then paths, each in the order given', async (t) => {
  const cwd = workspace(t);
  const port = String(await freePort());
  const options = ['--path=b', `--port=${port}`, '--path=a', `--port=127.0.0.1:0`, '--backlog=3'];
  const { run, dump } = await firstWorker(t, options, { cwd });
  t.equal(variable(dump, 'SERVER_STARTER_PORT'), `${port}=3;127.0.0.1:0=4;b=5;a=6`);
  t.same(sockets(dump).slice(2), ['5 b', '6 a']);
  t.same(readdirSync(cwd).sort(), ['a', 'b']);
  await run.stop();
  t.same(readdirSync(cwd), []);
});

t.test('paths give way to the fixed descriptors of ports', async (t) => {
  const cwd = workspace(t);
  const port = String(await freePort());
  const { run, dump } = await firstWorker(t, ['--path=a', `--port=${port}=3`, '--path=b'], { cwd });
  t.equal(variable(dump, 'SERVER_STARTER_PORT'), `${port}=3;a=4;b=5`);
  t.same(sockets(dump), [`3 0.0.0.0:${port}`, '4 a', '5 b']);
  await run.stop();
});

t.test('names that need no care', async (t) => {
  for (const name of ['8080', '@abstract', 'with blank', 'comma,', '-x', 'a:1', '[::1]:80', 'two\nlines', 'd/../s']) {
    const cwd = workspace(t);
    mkdirSync(join(cwd, 'd'));
    const { run, dump } = await firstWorker(t, ['--path', name], { cwd });
    t.equal(variable(dump, 'SERVER_STARTER_PORT'), `${name}=3`);
    t.ok(lstatSync(join(cwd, name)).isSocket(), JSON.stringify(name));
    await run.stop();
    t.same(readdirSync(cwd), ['d'], `${JSON.stringify(name)} is removed`);
  }
});

t.test('bytes that are not UTF-8', async (t) => {
  const cwd = workspace(t);
  const under = ['sh', '-c', 'ss=$1; shift; exec "$ss" "--path=$(printf "\\377\\303")" "$@"', 'sh'];
  const { run, dump } = await firstWorker(t, [], { cwd, under });
  t.equal(variable(dump, 'SERVER_STARTER_PORT'), '\xff\xc3=3');
  t.same(readdirSync(cwd, 'latin1' as 'utf8'), ['\xff\xc3']);
  await run.stop();
  t.same(readdirSync(cwd), []);
});

t.test('a relative path is relative to where the command was started, also with --dir', async (t) => {
  const cwd = workspace(t);
  mkdirSync(join(cwd, 'sub'));
  const { run, dump } = await firstWorker(t, ['--path=s', '--dir=sub'], { cwd });
  t.equal(variable(dump, 'SERVER_STARTER_PORT'), 's=3');
  t.equal(dump.process.cwd, join(realpathSync(cwd), 'sub'));
  t.ok(lstatSync(join(cwd, 's')).isSocket());
  await run.stop();
  t.same(readdirSync(cwd), ['sub'], 'and it is found again at the end');
});

t.test('a path may fill sun_path to the last byte', async (t) => {
  const cwd = workspace(t);
  for (const length of [106, 107, 108]) {
    const path = 'x'.repeat(length);
    const { run, dump } = await firstWorker(t, [`--path=${path}`], { cwd });
    t.equal(variable(dump, 'SERVER_STARTER_PORT'), `${path}=3`);
    t.equal(dump.fds.get(3)?.name, path);
    t.same(readdirSync(cwd), [path]);
    await run.stop();
    t.same(readdirSync(cwd), [], `${String(length)} bytes`);
  }
});

t.test('the socket stays while workers come and go', async (t) => {
  const path = join(workspace(t), 's');
  const { run } = await firstWorker(t, [`--path=${path}`]);
  const { ino } = statSync(path);
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died/);
  t.equal(statSync(path).ino, ino);
  t.ok(await isAnswered(path));
  await run.stop();
});

t.test('a worker that cannot be run leaves the socket alone', async (t) => {
  const path = join(workspace(t), 's');
  // In the original the failed child removes it.
  const run = new Run(t, ['--interval=0', `--path=${path}`, '--', '/no/such/program']);
  await run.sees(/^starting new worker/, 2);
  await run.sees(/ to exec/);
  t.ok(lstatSync(path).isSocket());
  t.same(await run.stop(), { code: 0, signal: null });
  t.equal(lstatSync(path, { throwIfNoEntry: false }), undefined);
});

/** Whether a connection is made; nobody need accept it. */
async function isAnswered(path: string): Promise<boolean> {
  let answered = false;
  const client = connect(path, () => (answered = true));
  await eventually(`an answer at ${path}`, () => answered);
  client.destroy();
  return answered;
}
