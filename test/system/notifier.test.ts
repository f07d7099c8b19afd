/** Messages to a service manager that reads when it likes to. */
import { closeSync } from 'node:fs';
import t, { type Test } from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { Notifier } from '../../src/system/manager/notifier.js';

/** A manager with its socket, and what the notifier wants to do later. */
function managed(t: Test) {
  const { fd, name } = addon.openNotifySocket();
  t.teardown(() => closeSync(fd));
  const acts: (() => void)[] = [];
  const refused: string[] = [];
  const notifier = new Notifier(name, {
    later: (_, act) => acts.push(act),
    refused: ({ code }) => refused.push(code),
  });
  return {
    notifier,
    refused,
    acts,
    fill: () => {
      while (addon.sendNotification(name, 'filler', []));
    },
    read: () => {
      const texts: string[] = [];
      for (let next = addon.receiveNotification(fd); next !== undefined; next = addon.receiveNotification(fd))
        if (next.text !== 'filler') texts.push(next.text);
      return texts;
    },
    tick: () => {
      for (const act of acts.splice(0)) act();
    },
  };
}

t.test('what finds no room waits in its order, and of sentences the last', (t) => {
  const { notifier, fill, read, tick, acts } = managed(t);
  fill();
  for (const text of ['RELOADING=1', 'STATUS=a', 'STATUS=b', 'READY=1\nSTATUS=c', 'STATUS=d']) notifier.send(text);
  notifier.sendIfRoom('WATCHDOG=1');
  tick();
  t.same([notifier.isWaiting, acts.length, read()], [true, 1, []], 'one of them is tried again');
  tick();
  t.same(read(), ['RELOADING=1', 'STATUS=b', 'READY=1\nSTATUS=c', 'STATUS=d']);
  t.same([notifier.isWaiting, acts.length], [false, 0]);
  notifier.sendIfRoom('WATCHDOG=1');
  t.same(read(), ['WATCHDOG=1']);
  t.end();
});

t.test('a manager that never reads costs no memory without end', (t) => {
  const { notifier, fill, read, tick } = managed(t);
  fill();
  for (let count = 0; count < 10_000; count += 1) notifier.send(`X=${String(count)}`);
  const heard: string[] = [];
  while (notifier.isWaiting) {
    read();
    tick();
    heard.push(...read());
  }
  t.equal(heard.length, 100);
  t.equal(heard[0], 'X=0');
  t.end();
});

t.test('what is no UTF-8 is made some', (t) => {
  const { notifier, read } = managed(t);
  notifier.send('STATUS=\xc3\xa9 \xff');
  t.same(read(), ['STATUS=\xc3\xa9 \xef\xbf\xbd']);
  t.end();
});

t.test('nobody there is told for each message, and nothing waits', (t) => {
  const refused: unknown[] = [];
  const notifier = new Notifier('/nowhere/notify', {
    later: () => t.fail('nothing is tried again'),
    refused: ({ code }) => refused.push(code),
  });
  notifier.send('READY=1');
  notifier.sendIfRoom('WATCHDOG=1');
  t.same([refused, notifier.isWaiting], [['ENOENT', 'ENOENT'], false]);
  t.end();
});
