import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { NotifySocket } from '../../src/system/readiness/notify-socket.js';
import { eventually } from '../helpers/eventually.js';
import { notifyAttack } from '../helpers/reliability/notify-attack.js';
import { descriptorsOf } from '../helpers/processes/processes.js';

process.on('SIGIO', () => undefined); // what wakes a superdaemon would end the test

/** A socket that takes this process, and all that it starts, for a worker; `wakes` counts how often it wanted to be read on. */
function opened(t: Test) {
  const named = addon.openNotifySocket();
  const seen = { wakes: 0 };
  const socket = NotifySocket.open(
    () => named,
    () => (seen.wakes += 1),
  );
  socket.handedTo(process.pid);
  t.teardown(() => {
    socket.close();
  });
  return { socket, name: named.name, seen };
}

/** Sends one message, and lives until the end of the test. */
async function sent(t: Test, name: string, text: string, sockets = 0): Promise<void> {
  const sender = spawn(notifyAttack(), ['attach', name, text, String(sockets)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => sender.kill('SIGKILL'));
  await once(sender.stdout, 'data');
}

const pid = process.pid;

t.test('one turn reads a few messages, and tells that there are more', (t) => {
  const { socket, name } = opened(t);
  execFileSync(notifyAttack(), ['send', name, 'X=1', '10']);
  t.same(socket.take(), { words: [], isAll: false });
  t.same(socket.take(), { words: [], isAll: true });
  t.end();
});

t.test('of a message READY=1, the first STATUS= and the first wish for time count, in their order', async (t) => {
  const { socket, name } = opened(t);
  await sent(
    t,
    name,
    'READY=0\nSTATUS=\nSTATUS=a\nREADY=1\nSTATUS=b\nREADY=1\nX\nEXTEND_TIMEOUT_USEC=x\nEXTEND_TIMEOUT_USEC=1500000',
  );
  const words = [
    { type: 'said', pid, text: 'a' },
    { type: 'ready', pid },
    { type: 'wants time', pid, milliseconds: 1500 },
  ];
  t.same(socket.take(), { words, isAll: true });
  socket.forget(pid);
  await sent(t, name, 'READY=1');
  t.same(socket.take(), { words: [], isAll: true }, 'of nobody');
});

t.test('nothing is read while descriptors wait to be closed, and what is behind them is read then', async (t) => {
  const { socket, name, seen } = opened(t);
  const before = descriptorsOf(pid).length;
  await sent(t, name, 'STATUS=a', 20);
  await sent(t, name, 'STATUS=b');
  t.same(socket.take(), { words: [{ type: 'said', pid, text: 'a' }], isAll: true });
  t.same(socket.take(), { words: [], isAll: true });
  await eventually('room', () => seen.wakes > 0);
  t.same(socket.take(), { words: [{ type: 'said', pid, text: 'b' }], isAll: true });
  await eventually('no descriptor more', () => descriptorsOf(pid).length <= before + 2); // of the pipes of two senders
});
