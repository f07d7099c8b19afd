import { execFile } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import t from 'tap';
import { addon } from '../../src/system/addon.js';
import { eventually } from '../helpers/eventually.js';
import { withoutCommand } from '../helpers/installed.js';

t.test('a notify socket', { skip: withoutCommand('systemd-notify') }, async (t) => {
  const { fd, name } = addon.openNotifySocket();
  t.teardown(() => {
    closeSync(fd);
  });
  t.match(name, /^@./);
  t.equal(addon.receiveNotification(fd), undefined, 'nothing yet');
  const received: { sender: number; text: string }[] = [];
  const env = { ...process.env, NOTIFY_SOCKET: name };
  // It waits until the descriptor that comes with BARRIER=1 is closed.
  let hasEnded = false;
  const sent = promisify(execFile)('systemd-notify', ['--ready', '--status=\u00e9'], { env });
  const { pid } = sent.child;
  void sent.then(() => (hasEnded = true));
  await eventually('the end of systemd-notify', () => {
    for (let one = addon.receiveNotification(fd); one !== undefined; one = addon.receiveNotification(fd))
      received.push(one);
    return hasEnded;
  });
  t.equal(received[0]?.text, 'READY=1\nSTATUS=\u00c3\u00a9');
  t.ok((received[0]?.sender ?? 0) > 1);
  t.match(received.at(-1), { text: 'BARRIER=1' });
  t.ok((pid ?? 0) > 1);
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
  t.end();
});
