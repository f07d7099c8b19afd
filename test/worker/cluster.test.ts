/** Servers in the processes of a node:cluster, whose descriptors are those of the primary. */
import { join } from 'node:path';
import t from 'tap';
import { ask } from '../helpers/load/ask.js';
import { freePort } from '../helpers/place/ports.js';
import { Program } from '../helpers/processes/program.js';
import { fixture } from '../helpers/place/samples.js';
import { Run } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

const program = fixture('clustered.js');

t.test('streams and datagrams, taken over by the next worker', async (t) => {
  const [http, udp, path] = [await freePort(), await freePort(), join(workspace(t), 's')];
  const options = [`--port=127.0.0.1:${String(http)}`, `--port=127.0.0.1:u${String(udp)}`, `--path=${path}`];
  const words = [`http=${String(http)}`, `udp=${String(udp)}`, `http=${path}`];
  const run = new Run(t, ['--interval=0', ...options, '--', process.execPath, program, ...words]);
  await run.sees(/^starting new worker/);
  const answers = () => Promise.all([ask.http(http), ask.udp(udp), ask.http(path)]);
  t.same(await answers(), ['http of generation 1', 'udp of generation 1', 'http of generation 1']);
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died, status:0$/);
  t.same(await answers(), ['http of generation 2', 'udp of generation 2', 'http of generation 2']);
  t.same(await run.stop(), { code: 0, signal: null });
  t.equal(run.stdout, 'listening\nclosed\nlistening\nclosed\n');
});

t.test('by itself', async (t) => {
  const port = await freePort();
  const running = new Program(t, [program, `http=${String(port)}`]);
  await running.sees(/^listening$/m);
  t.equal(await ask.http(port), 'http of generation none');
  running.signal('SIGTERM');
  t.same(await running.ended(), { code: 0, signal: null });
});

t.test('two sockets of one name cannot be told apart there', async (t) => {
  const variable = { SERVER_STARTER_PORT: '127.0.0.1:80=3;127.0.0.1:80=4' };
  const running = new Program(t, [program, 'http=80'], variable);
  await running.sees(/ListenError: more than one socket is called "127\.0\.0\.1:80", and node:cluster cannot tell/);
  t.match(running.output, /ERR_AMBIGUOUS_SOCKET/);
  await running.ended();
});
