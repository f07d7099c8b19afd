/** --listen-fds: workers find their sockets as those of systemd, too. */
import t from 'tap';
import { failures } from '../../src/core/text/failures.js';
import { freePort } from '../helpers/place/ports.js';
import { failing, firstWorker, variable } from '../helpers/running/first-worker.js';
import { opened } from '../helpers/systemd/opened.js';
import { ProbeRun } from '../helpers/systemd/probe-run.js';

const names = ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES'];

t.test('named: those of --port and --path, without systemd, too', async (t) => {
  const port = String(await freePort());
  const { run, dump } = await firstWorker(t, ['--listen-fds=named', `--port=127.0.0.1:${port}`, '--path=s']);
  t.same(
    names.map((name) => variable(dump, name)),
    [String(dump.process.pid), '2', `127.0.0.1_${port}:s`],
  );
  t.same(
    [3, 4].map((number) => dump.fds.get(number)?.name),
    [`127.0.0.1:${port}`, 's'],
  );
  await run.stop();
});

t.test('each worker has its own pid there', async (t) => {
  const run = new ProbeRun(t, [`--port=127.0.0.1:${String(await freePort())}`, '--listen-fds=named']);
  const first = await run.dump(1);
  await run.reload();
  const second = await run.dump(2);
  t.same(
    [first, second].map((dump) => variable(dump, 'LISTEN_PID')),
    run.workers.map(String),
  );
  await run.stop();
});

t.test('all: those that no option names, too, under the names that systemd has for them', async (t) => {
  const [tcp, udp] = [opened(t, 'tcp 127.0.0.1'), opened(t, 'udp 127.0.0.1')];
  const own = await freePort();
  const run = new ProbeRun(t, ['--listen-fds=all', `--port=127.0.0.1:${String(own)}`], {
    given: [
      ['web', tcp.descriptor],
      ['log', udp.descriptor],
    ],
  });
  const dump = await run.dump();
  t.same(
    names.map((name) => variable(dump, name)),
    [String(dump.process.pid), '3', `127.0.0.1_${String(own)}:web:log`],
  );
  t.same([dump.fds.get(4)?.target, dump.fds.get(5)?.target], [tcp.target, udp.target]);
  t.equal(variable(dump, 'SERVER_STARTER_PORT'), `127.0.0.1:${String(own)}=3`);
  await run.stop();
});

t.test('where there are no sockets there are no variables', async (t) => {
  const { run, dump } = await firstWorker(t, ['--listen-fds=named']);
  t.same(
    names.map((name) => variable(dump, name)),
    [undefined, undefined, undefined],
  );
  await run.stop();
});

t.test('a descriptor that leaves a gap, and one that is in the way, are errors at the start', async (t) => {
  const port = `127.0.0.1:${String(await freePort())}`;
  const [beyond, inTheWay] = await Promise.all([
    failing(t, ['--listen-fds=named', `--port=${port}=9`, '--', 'true']),
    failing(t, ['--listen-fds=named', `--port=${port}=4`, '--', 'true'], {
      under: ['sh', '-c', 'exec "$@" 3</dev/null', 'sh'],
    }),
  ]);
  t.same([beyond.code, beyond.stderr.split('\n').at(-2)], [1, failures.beyondListenFds(9, 3, 3)]);
  t.same([inTheWay.code, inTheWay.stderr.split('\n').at(-2)], [1, failures.beforeListenFds(3)]);
});
