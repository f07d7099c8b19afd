import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { eventually } from '../helpers/eventually.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { notifyAttack } from '../helpers/reliability/notify-attack.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { workspace } from '../helpers/place/workspace.js';

type Message = NonNullable<ReturnType<typeof addon.receiveNotification>>;

/** All that is there, with its descriptors closed. */
function received(fd: number): Message[] {
  const message = addon.receiveNotification(fd);
  if (message === undefined) return [];
  for (const descriptor of message.descriptors) closeSync(descriptor);
  return [message, ...received(fd)];
}

t.test('a notify socket', { skip: withoutCommand('systemd-notify') }, async (t) => {
  const path = join(workspace(t), 'n\u00c3\u00bc');
  for (const { fd, name } of [addon.openNotifySocket(), addon.openNotifySocket(path)]) {
    t.teardown(() => {
      closeSync(fd);
    });
    t.match(name, /^@.|n\u00c3\u00bc$/);
    t.equal(addon.receiveNotification(fd), undefined, 'nothing yet');
    const messages: Message[] = [];
    const env = { ...process.env, NOTIFY_SOCKET: Buffer.from(name, 'latin1').toString() };
    // It waits until the descriptor that comes with BARRIER=1 is closed.
    let hasEnded = false;
    const sent = promisify(execFile)('systemd-notify', ['--ready', '--status=\u00e9'], { env });
    void sent.then(() => (hasEnded = true));
    await eventually('the end of systemd-notify', () => {
      messages.push(...received(fd));
      return hasEnded;
    });
    t.match(messages, [
      { text: 'READY=1\nSTATUS=\u00c3\u00a9', sender: Number, descriptors: { length: 0 } },
      { text: 'BARRIER=1', sender: Number, descriptors: { length: 1 } },
    ]);
    t.ok((messages[0]?.sender ?? 0) > 1);
  }
});

t.test('sockets that linger do so no more: closing them does not wait for who does not read', async (t) => {
  const { fd, name } = addon.openNotifySocket();
  const attack = spawn(notifyAttack(), ['attach', name, 'X=1', '3'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => {
    attack.kill('SIGKILL');
    closeSync(fd);
  });
  await once(attack.stdout, 'data'); // its own are closed
  const before = descriptorsOf(process.pid).length;
  t.match(received(fd), [{ text: 'X=1', sender: attack.pid, descriptors: { length: 3 } }]);
  t.equal(descriptorsOf(process.pid).length, before);
});

t.test('input is signalled', async (t) => {
  const [reading, writing] = addon.pipe();
  t.teardown(() => {
    closeSync(reading);
    closeSync(writing);
  });
  let signals = 0;
  const count = () => (signals += 1);
  process.on('SIGIO', count);
  t.teardown(() => process.off('SIGIO', count));
  addon.signalInput(reading);
  t.equal(signals, 0);
  writeSync(writing, 'x');
  await eventually('SIGIO', () => signals > 0);
});

t.test('what is no socket, and what is no number', (t) => {
  const [reading, writing] = addon.pipe();
  t.throws(() => addon.receiveNotification(reading), { code: 'ENOTSOCK', syscall: 'recvmsg' });
  closeSync(reading);
  closeSync(writing);
  t.throws(() => addon.signalInput(1_000_000), { code: 'EBADF', syscall: 'fcntl' });
  // As a caller without types would.
  t.throws(() => addon.signalInput('3' as unknown as number), TypeError);
  t.throws(() => addon.receiveNotification(-1), TypeError);
  t.throws(() => addon.openNotifySocket(3 as unknown as string), TypeError);
  t.throws(() => addon.openNotifySocket('x'.repeat(108)), { code: 'ENAMETOOLONG', syscall: 'bind' });
  t.throws(() => addon.openNotifySocket('/nowhere/n'), { code: 'ENOENT', syscall: 'bind' });
  t.end();
});
