/**
 * Every request has a number, and every program its own way to answer: none is lost at the end, and the answer that ends
 * a connection says so.
 */
import { createServer, type Server } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import t, { type Test } from 'tap';
import { listen } from '../../src/worker/index.js';
import { ways, type Way } from '../helpers/connections/http1-ways.js';
import { NumberedClient, NumberedServer } from '../helpers/connections/numbered-http.js';
import { pskServer } from '../helpers/connections/psk.js';

const kinds: Readonly<Record<string, () => Server>> = {
  http: () => createServer(),
  https: () => createHttps(pskServer),
  // It has what the others have, as far as this test goes.
  'HTTP/1 on http2': () => createSecureServer({ ...pskServer, allowHTTP1: true }) as unknown as Server,
};
/** As long as a test may take: no connection is closed for being idle. */
const grace = 60_000;

for (const [kind, create] of Object.entries(kinds)) {
  for (const way of ways) {
    t.test(`${kind}: ${way.name}`, async (t) => {
      const { program, client, retire } = await started(t, create(), way);
      t.same(client.last, [], 'kept until then');
      program.isHolding = true;
      client.ask();
      await program.knows(2);
      await retire();
      program.release();
      await client.raw.closed();
      t.same([client.answered, client.last], [[1, 2], [2]], 'a request under way');

      const other = await started(t, create(), way);
      other.client.ask();
      await other.retire();
      await other.client.raw.closed();
      t.same([other.client.answered, other.client.last], [[1, 2], [2]], 'one that nobody has read yet');
    });
  }

  t.test(`${kind}: of ten requests in one piece the last answer closes`, async (t) => {
    const { program, client, retire } = await started(t, create());
    program.isHolding = true;
    client.ask(10);
    await program.knows(11);
    await retire();
    program.release();
    await client.raw.closed();
    t.same([client.answered, client.last], [upTo(11), [11]], 'under way, and answered in another order');

    const other = await started(t, create());
    other.client.ask(10);
    await other.retire();
    await other.client.raw.closed();
    t.same([other.client.answered, other.client.last], [upTo(11), [11]], 'not read yet, and answered at once');
  });

  t.test(`${kind}: nine answers that wait for a slow one are sent behind it`, async (t) => {
    const { program, client, retire } = await started(t, create());
    program.isHolding = true;
    client.ask();
    await program.knows(2);
    program.isHolding = false;
    client.ask(9);
    await program.knows(11);
    await retire();
    program.release();
    await client.sees(11);
    t.same(client.last, [], 'their heads were made before');
    client.ask();
    await client.raw.closed();
    t.same([client.answered, client.last], [upTo(12), [12]]);
  });

  t.test(`${kind}: what is asked behind the last answer is not given to the program`, async (t) => {
    const { program, client, retire } = await started(t, create());
    program.isHolding = true;
    client.ask(2);
    await program.knows(3);
    await retire();
    program.release(1);
    client.ask();
    await program.hasRead(client);
    program.release();
    await client.raw.closed();
    t.same([client.answered, client.last, program.asked], [[1, 2, 3], [3], [1, 2, 3]]);
  });
}

t.test(
  "node's own close() answers requests that were sent ahead, and loses the one that nobody has read yet",
  async (t) => {
    const { program, client } = await started(t, createServer());
    program.isHolding = true;
    client.ask(10);
    await program.knows(11);
    program.server.close();
    program.release();
    await client.sees(11);
    t.same([client.answered, client.last], [upTo(11), []]);

    const other = await started(t, createServer());
    other.client.ask();
    other.program.server.close();
    await other.client.raw.closed();
    t.same(other.client.answered, [1]);
  },
);

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** A kept connection that has got its first answer. */
async function started(t: Test, server: Server, way: Partial<Way> = {}) {
  const program = new NumberedServer(server, way);
  const listening = await listen(server, { port: 0, host: '127.0.0.1', grace });
  const client = new NumberedClient(t, server, way);
  client.ask();
  await client.sees(1);
  const retire = () => {
    void listening.close();
    return listening.retired;
  };
  return { program, client, retire };
}
