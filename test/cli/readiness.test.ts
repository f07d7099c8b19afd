import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { failures } from '../../src/core/text/failures.js';
import { eventually } from '../helpers/eventually.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { room } from '../helpers/place/room.js';
import { isAlive, Run } from '../helpers/running/starter.js';

/** A worker in sh. `say` writes a line to the descriptor; `wait_for FILE` waits. */
function worker(directory: string, script: string): string[] {
  const file = join(directory, 'worker');
  const helpers = `say() { eval "echo READY=1 >&$SERVER_STARTER_READY_FD"; }
wait_for() { until [ -e "$1" ]; do sleep 0.02; done; }
generation=$SERVER_STARTER_GENERATION
`;
  writeFileSync(file, `#!/bin/sh\n${helpers}${script}\n`);
  chmodSync(file, 0o755);
  return ['--', './worker'];
}

t.test('the old worker is retired when the new one is ready, and not before', async (t) => {
  const cwd = room(t);
  const script = '[ $generation = 1 ] || wait_for go; say; exec sleep 100';
  const run = new Run(t, ['--interval=0', '--ready=fd', ...worker(cwd, script)], { cwd });
  await run.sees(/^new worker \d+ is ready$/);
  run.signal('SIGHUP');
  await run.sees(/^starting new worker/, 2);
  t.ok(isAlive(run.workers[0] ?? NaN));
  t.notMatch(run.stderr, 'new worker is now running');
  writeFileSync(join(cwd, 'go'), '');
  await run.sees(/^old worker \d+ died/);
  await run.stop();
  t.match(
    run.story,
    /W2\nnew worker W2 is ready\nnew worker is now running, sending TERM to old workers:W1\nkilling old workers\nold worker W1 died, status:15\n/,
  );
});

t.test('by systemd-notify, which is another process', { skip: withoutCommand('systemd-notify') }, async (t) => {
  const cwd = room(t);
  const script = "systemd-notify --status='warming up'; systemd-notify --ready; systemd-notify --ready; exec sleep 100";
  const run = new Run(t, ['--interval=0', '--ready=notify', ...worker(cwd, script)], { cwd });
  await run.sees(/^new worker \d+ is ready$/);
  await run.stop();
  t.match(run.story, /W1\nworker W1 says: warming up\nnew worker W1 is ready\nreceived TERM/);
});

t.test(
  'a socket whose file was removed meanwhile is made anew for the next worker',
  { skip: withoutCommand('systemd-notify') },
  async (t) => {
    const cwd = room(t);
    const script = 'systemd-notify --ready; rm -r "${NOTIFY_SOCKET%/*}"; : >"$generation"; exec sleep 100';
    const run = new Run(t, ['--interval=0', '--ready=notify', ...worker(cwd, script)], { cwd });
    await eventually('the removal', () => existsSync(join(cwd, '1')));
    run.signal('SIGHUP');
    await run.sees(/^new worker \d+ is ready$/, 2);
    await run.sees(/^old worker \d+ died/);
    t.same(await run.stop(), { code: 0, signal: null });
  },
);

t.test(
  'a word from a process that does not descend from the worker',
  { skip: withoutCommand('systemd-notify') },
  async (t) => {
    const cwd = room(t);
    const script = 'echo "$NOTIFY_SOCKET" >name.new; mv name.new name; wait_for go; say; exec sleep 100';
    const run = new Run(t, ['--interval=0', '--ready=notify', ...worker(cwd, script)], { cwd });
    await eventually('the name', () => existsSync(join(cwd, 'name')));
    const stranger = new Run(t, ['-c', 'NOTIFY_SOCKET=$(cat name) systemd-notify --ready --status=lies'], {
      cwd,
      starter: { name: 'a stranger', command: '/bin/sh' },
    });
    t.equal((await stranger.ended()).code, 0);
    t.notMatch(run.stderr, /ready|lies/);
    writeFileSync(join(cwd, 'go'), '');
    await run.sees(/^new worker \d+ is ready$/);
    await run.stop();
  },
);

t.test('a worker that is not ready in time is ended, and the old one stays', async (t) => {
  const cwd = room(t);
  const script = '[ $generation != 1 ] || say; exec sleep 100';
  const options = ['--interval=0', '--ready=fd', '--start-timeout=5', '--max-failures=1'];
  const run = new Run(t, [...options, ...worker(cwd, script)], { cwd });
  await run.sees(/^new worker \d+ is ready$/);
  run.signal('SIGHUP');
  await run.sees(/^giving up the restart after 1 failed start, worker \d+ goes on$/);
  t.ok(isAlive(run.workers[0] ?? NaN));
  t.notOk(isAlive(run.workers[1] ?? NaN));
  await run.stop();
  t.match(
    run.story,
    /new worker W2 is not ready after 5 secs, sending TERM\nnew worker W2 seems to have failed to start, exit status:15\ngiving up/,
  );
});

t.test('ready and dead at once, again and again: paced, counted, and the end with 69', async (t) => {
  const cwd = room(t);
  const options = ['--interval=1', '--ready=fd', '--max-failures=2'];
  const run = new Run(t, [...options, ...worker(cwd, 'say; exit 3')], { cwd });
  const begun = performance.now();
  t.same(await run.ended(), { code: 69, signal: null });
  t.ok(performance.now() - begun >= 1000, 'an interval between the two');
  t.equal(run.workers.length, 2);
  t.match(run.stderr, /\ngiving up after 2 failed starts in a row, nothing serves\nexiting\n$/);
});

t.test('a descriptor that is closed without a word is no failure by itself', async (t) => {
  const cwd = room(t);
  const script = 'eval "exec $SERVER_STARTER_READY_FD>&-"; : >closed; exec sleep 100';
  const run = new Run(t, ['--interval=0', '--ready=fd', ...worker(cwd, script)], { cwd });
  await eventually('the close', () => existsSync(join(cwd, 'closed')));
  await run.sees(/^starting new worker/);
  t.ok(isAlive(run.workers[0] ?? NaN));
  await run.stop();
  t.notMatch(run.stderr, 'is ready');
});

t.test('the variables are there only when they are asked for', async (t) => {
  for (const [option, expected] of [
    ['--ready=interval', /^0\n$/],
    ['--ready=fd', /^1\n$/],
    ['--ready=notify', /^2\n$/],
  ] as const) {
    const cwd = room(t);
    const script = 'env | grep -cE "^(NOTIFY_SOCKET|SERVER_STARTER_READY_FD)="; exec sleep 100';
    const run = new Run(t, ['--interval=0', option, ...worker(cwd, script)], { cwd });
    await eventually('the count', () => run.stdout !== '');
    t.match(run.stdout, expected, option);
    await run.stop();
  }
});

t.test('a descriptor beside fixed ones and many sockets', async (t) => {
  const cwd = room(t);
  const script = 'echo $SERVER_STARTER_READY_FD; say; exec sleep 100';
  const ports = ['--port=127.0.0.1:0=3', '--port=[::1]:0=5', '--path=a'];
  const run = new Run(t, ['--interval=0', '--ready=fd', ...ports, ...worker(cwd, script)], { cwd });
  await run.sees(/is ready$/);
  t.equal(run.stdout, '6\n');
  await run.stop();
});

t.test('without such sockets the start is refused', { skip: withoutCommand('strace') }, async (t) => {
  const under = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'inject=socket:error=EPROTONOSUPPORT'];
  const run = new Run(t, ['--ready=notify', '--', 'true'], { under });
  t.same(await run.ended(), { code: 93, signal: null });
  t.equal(run.lines.at(-1), failures.noNotifySocket('Protocol not supported'));
});
