/** Reading what a superdaemon answers, with and without a limit. */
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ControlConnection } from '../../src/system/control/control-connection.js';
import { TimeLimit } from '../../src/system/loop/time-limit.js';
import { room } from '../helpers/place/room.js';

const never = new TimeLimit(undefined);

async function connected(t: Test): Promise<{ connection: ControlConnection; server: Socket }> {
  const path = join(room(t), 'c');
  const listening = createServer();
  t.teardown(() => listening.close());
  await new Promise<void>((resolve) => listening.listen(path, resolve));
  const accepted = new Promise<Socket>((resolve) => listening.once('connection', resolve));
  const connection = await ControlConnection.open(path);
  t.teardown(() => {
    connection.close();
  });
  return { connection, server: await accepted };
}

t.test('a wait that was given up takes no line away', async (t) => {
  const { connection, server } = await connected(t);
  for (const seconds of [0, 0.01]) t.equal(await connection.next(new TimeLimit(seconds)), 'nothing');
  server.write('first\nsecond\n');
  t.same(await connection.next(never), { line: 'first' });
  t.same(await connection.next(new TimeLimit(0)), { line: 'second' }, 'what is there needs no time');
});

t.test('nor the end', async (t) => {
  const { connection, server } = await connected(t);
  t.equal(await connection.next(new TimeLimit(0)), 'nothing');
  server.end('last\n');
  t.same(await connection.next(never), { line: 'last' });
  t.equal(await connection.next(never), 'closed');
  t.equal(await connection.next(never), 'closed');
});
