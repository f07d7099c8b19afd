/** Init scripts and people find a superdaemon by its name, as they find the original: in a pid namespace, beside it. */
import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { room } from '../helpers/place/room.js';
import { original, ours, type Starter } from '../helpers/running/starter.js';

/** What is typed, while one runs with the pid $P and the pid file p; what it prints is compared. */
const looks: Readonly<Record<string, string>> = {
  'its name': 'cat /proc/$P/comm',
  'ps by name': 'ps -C start_server -o pid= | tr -d " " | grep -x $P',
  'ps and grep for the path': 'ps ax | grep "$PWD/start_server --" | grep -v grep | grep -q "^ *$P "',
  'pgrep -x': 'pgrep -x start_server | grep -x $P',
  'pgrep -f': 'pgrep -f "start_server --interval=0 --pid-file=p" | grep -x $P',
  'pidof -x': 'pidof -x start_server | tr " " "\\n" | grep -x $P',
  'killall -0': 'killall -0 start_server',
  'killall -HUP': 'killall -HUP start_server && until [ "$(grep -c "^starting new" log)" = 2 ]; do sleep 0.05; done',
  'start-stop-daemon --status': 'start-stop-daemon --status --name start_server --pidfile p',
  'start-stop-daemon --stop': 'start-stop-daemon --stop --name start_server --pidfile p --retry 10; gone',
  'killproc of LSB': '. /lib/lsb/init-functions; killproc -p p "$PWD/start_server"; gone',
  'pkill -x': 'pkill -x start_server; gone',
};

/** How the process comes to be; both leave its pid in p. */
const starts: Readonly<Record<string, string>> = {
  'in the foreground': '"$PWD/start_server" --interval=0 --pid-file=p --log-file=log -- sleep 100 2>/dev/null &',
  'as a daemon': '"$PWD/start_server" --interval=0 --pid-file=p --log-file=log --daemonize -- sleep 100 2>/dev/null',
};

const wanted = ['start-stop-daemon', 'killall', 'pidof', 'pgrep', 'unshare'];
const missing = wanted.find((name) => spawnSync('which', [name]).status !== 0);
const reference = original();

for (const [how, start] of Object.entries(starts))
  t.test(how, { skip: missing !== undefined && `${missing} is not installed` }, (t) => {
    for (const [name, look] of Object.entries(looks)) {
      const found = seen(t, ours, start, look);
      t.equal(found.status, 0, `${name}: ${found.stderr}`);
      if (reference !== undefined) t.equal(seen(t, reference, start, look).status, 0, `${name}, the original`);
    }
    t.end();
  });

/**
 * In a pid namespace of its own, where nobody else has the name. The shell is its process 1, and reaps the daemon. It looks
 * when the worker has exec'd and the superdaemon sleeps: before that, the original loses a signal.
 */
function seen(t: Test, starter: Starter, start: string, look: string) {
  const cwd = room(t);
  symlinkSync(starter.command, join(cwd, 'start_server'));
  const script = `
    gone() { for i in $(seq 1800); do kill -0 $P 2>/dev/null || return 0; sleep 0.05; done; return 1; }
    ${start}
    until [ -s p ] && grep -q "^starting new" log; do sleep 0.02; done
    P=$(cat p)
    until pgrep -P $P -x sleep >/dev/null; do sleep 0.02; done
    rest() { grep -E '^State.*sleeping|^voluntary_ctxt_switches' /proc/$P/status; }
    before=
    until [ "$(rest)" = "$before" ] && [ "\${before#State}" != "$before" ]; do before=$(rest); sleep 0.01; done
    ${look}`;
  const words = ['--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', script];
  return spawnSync('unshare', words, { cwd, encoding: 'utf8', timeout: 120_000 });
}

t.test('the command line reads as typed, with the path by which it was called', (t) => {
  const path = `tr '\\0' ' ' </proc/$P/cmdline`;
  for (const [how, start] of Object.entries(starts)) {
    const { stdout } = seen(t, ours, start, path);
    t.match(
      stdout,
      /^\S*node \S+\/start_server --interval=0 --pid-file=p --log-file=log (--daemonize )?-- sleep 100 $/,
      how,
    );
  }
  t.end();
});
