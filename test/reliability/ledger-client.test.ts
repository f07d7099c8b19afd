/** The clients of the ledger tell apart everything that can go wrong. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { Ledger, type Account } from '../helpers/reliability/ledger.js';
import { freePort } from '../helpers/place/ports.js';
import { workspace } from '../helpers/place/workspace.js';

type Answerer = (client: Socket, question: string) => void;

/** A TCP and a unix server that do the same with every line; a ledger of them that has asked a few times. */
async function wrongsOf(t: Test, answer: Answerer, greeting = 'hello 1 1\n'): Promise<Partial<Account>> {
  const path = join(workspace(t), 'socket');
  const listen = async (where: number | string) => {
    const server = createServer((client) => {
      client.on('error', () => undefined).write(greeting);
      client.setEncoding('latin1').on('data', (text: string) => answer(client, text.trimEnd()));
    }).listen(where);
    t.teardown(() => server.close());
    await once(server, 'listening');
    return server;
  };
  const server = await listen(0);
  await listen(path);
  const ledger = new Ledger({ port: (server.address() as AddressInfo).port, path, clients: 1, patience: 100 });
  await eventually('some connections', () => ledger.account.connections >= 6);
  await ledger.settle();
  return ledger.wrongs;
}

const cases: readonly [name: string, answer: Answerer, wrong: keyof Account, greeting?: string][] = [
  ['another number', (client, question) => client.write(`1 9${question}\n`), 'wrong'],
  ['an answer too many', (client, question) => client.end(`1 ${question}\n1 ${question}\n`), 'twice'],
  ['a connection that is cut', (client) => client.destroy(), 'resetWhenTaken'],
  ['one that is cut before it was taken', (client) => client.destroy(), 'resetWhenWaiting', ''],
  ['an end without an answer', (client) => client.end(), 'resetWhenTaken'],
  ['no answer', () => undefined, 'unanswered'],
];

for (const [name, answer, wrong, greeting] of cases) {
  t.test(name, async (t) => {
    t.ok((await wrongsOf(t, answer, greeting))[wrong], wrong);
  });
}

t.test('the right number, once, is not wrong', async (t) => {
  t.same(await wrongsOf(t, (client, question) => client.write(`1 ${question}\n`)), {});
});

t.test('nobody listens', async (t) => {
  const ledger = new Ledger({ port: await freePort(), path: join(workspace(t), 'socket'), clients: 1 });
  await eventually('some connections', () => ledger.account.connections >= 4);
  const { connections, refused } = await ledger.settle();
  t.equal(refused, connections);
});

t.test('datagrams that are not answered, or twice', async (t) => {
  const socket = createSocket('udp4', (message, from) => {
    const number = Number(message.toString());
    for (let times = number % 3; times > 0; times -= 1) socket.send(`1 ${String(number)}`, from.port, from.address);
  });
  t.teardown(() => socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const ledger = new Ledger({ port, path: '/', udpPort: port, clients: 0, patience: 100 });
  await eventually('some datagrams', () => ledger.account.datagrams >= 9);
  const { datagrams, answered, twice, unanswered } = await ledger.settle();
  t.same(
    { twice, unanswered, answered },
    {
      twice: Math.floor((datagrams + 1) / 3),
      unanswered: Math.floor(datagrams / 3),
      answered: datagrams - Math.floor(datagrams / 3),
    },
  );
});
