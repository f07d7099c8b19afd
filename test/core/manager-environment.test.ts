import t from 'tap';
import { readManagerEnvironment, withoutVariables } from '../../src/core/manager/manager-environment.js';

const nothing = {
  notifySocket: undefined,
  isStranger: true,
  watchdog: undefined,
  descriptors: [],
  journal: undefined,
};
const read = (...environment: readonly string[]) => readManagerEnvironment(environment, [100, 90]);

t.test('outside of a service manager', (t) => {
  t.same(read('PATH=/bin', 'HOME=/'), nothing);
  t.same(read('NOTIFY_SOCKET=', 'WATCHDOG_USEC=', 'LISTEN_FDS=3', 'LISTEN_PID='), nothing);
  t.end();
});

t.test('what systemd tells', (t) => {
  const told = read(
    'NOTIFY_SOCKET=/run/systemd/notify',
    'SYSTEMD_EXEC_PID=100',
    'WATCHDOG_PID=100',
    'WATCHDOG_USEC=10000000',
    'LISTEN_PID=100',
    'LISTEN_FDS=3',
    'LISTEN_FDNAMES=app.socket:',
    'JOURNAL_STREAM=8:4711',
  );
  t.same(told, {
    notifySocket: '/run/systemd/notify',
    isStranger: false,
    watchdog: 10_000,
    descriptors: [
      { descriptor: 3, name: 'app.socket' },
      { descriptor: 4, name: 'unknown' },
      { descriptor: 5, name: 'unknown' },
    ],
    journal: '8:4711',
  });
  t.end();
});

t.test('what is meant for another process, and for the command in whose place a daemon runs', (t) => {
  t.same(read('WATCHDOG_USEC=5000', 'WATCHDOG_PID=99', 'LISTEN_FDS=1', 'LISTEN_PID=99').watchdog, undefined);
  t.same(read('LISTEN_FDS=1', 'LISTEN_PID=99').descriptors, []);
  t.same(read('LISTEN_FDS=1').descriptors, [], 'a pid has to be named');
  t.match(read('WATCHDOG_USEC=5000', 'WATCHDOG_PID=90', 'LISTEN_FDS=1', 'LISTEN_PID=90'), {
    watchdog: 5,
    descriptors: [{ descriptor: 3 }],
  });
  t.equal(read('SYSTEMD_EXEC_PID=90').isStranger, true, 'the main process is another one');
  t.equal(read('WATCHDOG_USEC=5000').watchdog, 5, 'whoever reads it');
  t.end();
});

t.test('nobody hands down so many sockets', (t) => {
  t.equal(read('LISTEN_PID=100', 'LISTEN_FDS=99999').descriptors.length, 99_999);
  t.same(read('LISTEN_PID=100', 'LISTEN_FDS=999999').descriptors, []);
  t.end();
});

t.test('a watchdog that waits for ever asks for nothing', (t) => {
  for (const value of ['18446744073709551615', '9'.repeat(400)]) t.same(read(`WATCHDOG_USEC=${value}`), nothing, value);
  t.end();
});

t.test('what is no number asks for nothing', (t) => {
  for (const value of ['0', '-1', 'x', '1.5', '1e3', ' 5'])
    t.same(read(`WATCHDOG_USEC=${value}`, 'LISTEN_PID=100', `LISTEN_FDS=${value}`), nothing, value);
  t.end();
});

t.test('workers get nothing of it, but where the journal is', (t) => {
  const meant = ['NOTIFY_SOCKET=/n', 'WATCHDOG_USEC=1', 'WATCHDOG_PID=1', 'LISTEN_PID=1', 'LISTEN_FDS=1'];
  const more = ['LISTEN_FDNAMES=a', 'LISTEN_PIDFDID=1', 'FDSTORE=1', 'SYSTEMD_EXEC_PID=1', 'MAINPID=1'];
  const kept = ['A=NOTIFY_SOCKET=1', 'JOURNAL_STREAM=8:1', 'LISTEN_FDS_FIRST_FD=3', 'INVOCATION_ID=x', 'odd'];
  t.same(withoutVariables([...meant, ...kept, ...more]), kept);
  t.end();
});
