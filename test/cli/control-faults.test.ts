/** What clients of the control socket do wrong, and that nobody but they notice. */
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { commanding, controlled, Talk } from '../helpers/running/control-socket.js';
import { command, saidBy } from '../helpers/running/control.js';
import { eventually } from '../helpers/eventually.js';
import { atRest, descriptorsOf } from '../helpers/processes/processes.js';

const status = { command: 'status' };

t.test('garbage is told that it is, and let go', async (t) => {
  const run = await controlled(t);
  const many = `{"command":"status","x":"${'x'.repeat(5000)}"}`;
  const table: [sent: string, error: RegExp][] = [
    ['\n', /^this is no request; send one line of JSON/],
    ['GET / HTTP/1.1\r\n\r\n', /^this is no request/],
    ['{"command":"fly"}\n', /^this is no request/],
    ['\xff\xfe\0\n', /^this is no request/],
    [`${many}\n`, /^a request has 4096 bytes at most/],
    [many, /^a request has 4096 bytes at most/],
  ];
  for (const [sent, error] of table)
    t.match(
      await new Talk(t, run.directory, sent).all(),
      [{ ok: false, code: 'bad request', error }],
      JSON.stringify(sent.slice(0, 20)),
    );
  t.match(await new Talk(t, run.directory, status).all(), [{ ok: true }]);
  await run.stop();
  t.notMatch(run.stderr, /internal error/);
});

t.test('a client that closes its side is answered all the same', async (t) => {
  const run = await controlled(t);
  const talk = new Talk(t, run.directory);
  talk.socket.end(JSON.stringify(status));
  t.match(await talk.all(), [{ ok: true }]);
  const empty = new Talk(t, run.directory);
  empty.socket.end();
  t.same(await empty.all(), []);
  await run.stop();
});

t.test('clients that go away, in the middle of anything', async (t) => {
  const run = await controlled(t);
  const before = descriptorsOf(run.pid).length;
  for (const sent of ['', '{"comm', '{"command":"follow"}\n', '{"command":"restart"}\n', '{"command":"status"}\n']) {
    const talk = new Talk(t, run.directory);
    await new Promise((resolve) => talk.socket.write(sent, resolve));
    if (sent.includes('follow')) await talk.line();
    talk.socket.destroy();
  }
  await run.says('2:W2');
  t.match(await new Talk(t, run.directory, { command: 'restart' }).all(), [{ ok: true, worker: { generation: 3 } }]);
  // Those that only a write could tell are gone, too.
  await eventually('no descriptor more than before', () => descriptorsOf(run.pid).length === before, {
    seen: () => descriptorsOf(run.pid).join('\n'),
  });
  await run.stop();
});

t.test('nothing is done for nobody', async (t) => {
  const run = await controlled(t);
  await new Talk(t, run.directory, status).all();
  const follower = new Talk(t, run.directory, { command: 'follow' });
  await follower.line();
  await atRest(run.pid);
  await run.stop();
});

t.test('a superdaemon that dies meanwhile', async (t) => {
  const run = await controlled(t, [], { options: ['--kill-old-delay=60'] });
  const restart = commanding(t, ['--restart'], run.directory);
  await run.says('1:W1 2:W2');
  run.signal('SIGKILL');
  t.same(await saidBy(restart), {
    code: 1,
    stderr: 'start_server has ended before it had answered; look into its log, and start it again\n',
  });
});

t.test('a superdaemon that is stopped meanwhile', async (t) => {
  const run = await controlled(t, [], { options: ['--kill-old-delay=60'] });
  const restart = commanding(t, ['--restart'], run.directory);
  await run.says('1:W1 2:W2');
  run.signal('SIGTERM');
  t.same(await saidBy(restart), { code: 1, stderr: 'start_server is about to end; start it again\n' });
  await run.ended();
});

t.test('another user', { skip: process.getuid?.() === 0 ? false : 'not root' }, async (t) => {
  const run = await controlled(t);
  chmodSync(run.directory, 0o755);
  const under = ['setpriv', '--reuid=65534', '--clear-groups', '--inh-caps=-all'];
  const refused = await saidBy(commanding(t, ['--stop'], run.directory, { under }));
  t.equal(refused.code, 13);
  t.match(refused.stderr, /^failed to connect to control socket:c:Permission denied; /);
  // The mode alone is not trusted.
  chmodSync(join(run.directory, 'c'), 0o666);
  for (const words of [['--stop'], ['--stop', '--force']])
    t.same(await saidBy(commanding(t, words, run.directory, { under })), {
      code: 13,
      stderr: 'user 65534 may not control this start_server; be the user that it runs as, or root\n',
    });
  t.same(await saidBy(command(t, 'restart', run.directory, { under })), {
    code: 1,
    stderr:
      'failed to send SIGHUP to the server process:Operation not permitted; be the user that it runs as, or start it if it has ended\n',
  });
  t.match(await saidBy(command(t, 'stop', run.directory, { under })), { code: 13, stderr: /^failed to open file:pid:Permission denied; / }); // prettier-ignore
  t.ok(existsSync(join(run.directory, 'c')));
  t.equal(run.workers.length, 1);
  await run.stop();
});
