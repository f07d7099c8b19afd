import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Answer } from '../../src/core/report/control-protocol.js';
import t, { type Test } from 'tap';
import { ControlPeer, type PeerParts, type PeerProgress } from '../../src/system/control/control-peer.js';
import { eventually } from '../helpers/eventually.js';
import { workspace } from '../helpers/place/workspace.js';

interface Both {
  readonly client: Socket;
  readonly peer: ControlPeer;
  readonly requests: readonly string[];
  readonly received: () => string;
  readonly isGone: () => boolean;
}

function answer(error: string): Answer {
  return { ok: false, code: 'refused', error };
}

/** What the client reads of it. */
function lineOf(error: string): string {
  return `${JSON.stringify(answer(error))}\n`;
}

async function connected(t: Test, patience: number, progress?: PeerProgress): Promise<Both> {
  const path = join(workspace(t), 's');
  const server = createServer({ allowHalfOpen: true }).listen(path);
  t.teardown(() => server.close());
  await once(server, 'listening');
  const client = connect(path).on('error', () => undefined);
  t.teardown(() => client.destroy());
  let received = '';
  client.setEncoding('utf8').on('data', (data: string) => (received += data));
  const [socket] = (await once(server, 'connection')) as [Socket];
  const requests: string[] = [];
  let gone = 0;
  const parts: PeerParts = {
    request: (_, line) => requests.push(line),
    silent: () => undefined,
    gone: () => (gone += 1),
    longest: (beginning) => (beginning.startsWith('long') ? 8192 : 4096),
    tooLong: () => answer('too long'),
    tooLate: answer('too late'),
    patience,
  };
  const peer = new ControlPeer(socket, parts, progress);
  return { client, peer, requests, received: () => received, isGone: () => gone === 1 };
}

t.test('one that says nothing is told so, and dropped when it stays', async (t) => {
  const { received, isGone } = await connected(t, 50);
  await eventually('its end', isGone);
  t.equal(received(), lineOf('too late'));
});

t.test(
  'one that was given its last line by the image before finds the end at once, not when patience is over',
  async (t) => {
    const { client } = await connected(t, 1_000_000, { phase: 'ended', received: '' });
    let hasEnded = false;
    client.on('end', () => (hasEnded = true));
    await eventually('its end', () => hasEnded);
    t.ok(hasEnded);
  },
);

t.test('one that says a little again and again gains nothing by it', async (t) => {
  const { client, isGone } = await connected(t, 100);
  const drip = setInterval(() => client.write('x'), 10);
  t.teardown(() => {
    clearInterval(drip);
  });
  await eventually('its end', isGone);
  t.pass();
});

t.test('one that was served has time to wait, and one that was answered has little to go', async (t) => {
  const { client, peer, requests, received, isGone } = await connected(t, 50);
  client.write('a\nb\n');
  await eventually('the request', () => requests.length > 0);
  peer.send(answer('\u00c3\u00a9\u00ff'));
  await eventually('the line', () => received() !== '');
  t.same([requests, received(), isGone()], [['a'], lineOf('\u00e9\ufffd'), false]);
  client.pause();
  peer.end(answer('end'));
  peer.send(answer('after the end'));
  await eventually('its end', isGone);
});

t.test('one that does not read is dropped', async (t) => {
  const { client, peer, requests, isGone } = await connected(t, 60_000);
  client.pause();
  client.write('follow\n');
  await eventually('the request', () => requests.length > 0);
  let sent = 0;
  await eventually('its end', () => {
    if (!isGone()) peer.send(answer('x'.repeat(1024)));
    sent += 1;
    return isGone();
  });
  t.ok(sent > 64, `${String(sent)} KiB, what the system holds among them`);
});

t.test('one that does not stop talking is dropped', async (t) => {
  const { client, requests, isGone } = await connected(t, 60_000);
  client.write(`follow\n${'x'.repeat(200_000)}`);
  await eventually('its end', isGone);
  t.same(requests, ['follow']);
});
