/** What node destroys before any JavaScript runs reaches the worker all the same, under every shell that may be sh. */
import { join } from 'node:path';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { descriptors, firstWorker, sockets, variable } from '../helpers/running/first-worker.js';
import { freePort } from '../helpers/place/ports.js';
import { after, underEveryShell } from '../helpers/running/shells.js';
import { workspace } from '../helpers/place/workspace.js';
import { procFile } from '../helpers/processes/proc-file.js';

const [HUP, QUIT, USR1, PIPE, CHLD] = [1, 3, 10, 13, 17];

/** Runs what follows with these signals blocked, which no shell can do. */
const blocking = (signals: string) => [
  ...['perl', '-e', `use POSIX; sigprocmask(SIG_BLOCK, POSIX::SigSet->new(${signals})); exec @ARGV`, '--'],
];

underEveryShell(t, (t, shell) => {
  t.test('the superdaemon is the process that was started, and has no child but the worker', async (t) => {
    const { run } = await firstWorker(t, [], { under: shell });
    await run.sees(new RegExp(`^start_server \\(pid:${String(run.pid)}\\) starting now\\.\\.\\.$`));
    const children = () => procFile(run.pid, `task/${String(run.pid)}/children`).trim();
    await eventually('the worker to be the only child', () => children() === String(run.workers[0]), {
      seen: children,
    });
    t.same(await run.stop(), { code: 0, signal: null });
    t.match(run.story, /^starting new worker W1\nreceived TERM, sending TERM to all workers:W1\nworker W1 died, /m);
  });

  t.test('limits of descriptors', async (t) => {
    const { dump, run } = await firstWorker(t, [], { under: ['prlimit', '--nofile=1000:2000', ...shell] });
    t.same(dump.limits.get('Max open files'), { soft: 1000, hard: 2000 });
    await run.stop();
  });

  t.test('ignored signals, but those that the superdaemon handles', async (t) => {
    const { dump, run } = await firstWorker(t, [], {
      under: ['sh', '-c', 'trap "" HUP INT QUIT TERM USR1 ALRM CHLD PIPE; exec "$@"', 'sh', ...shell],
    });
    t.same(dump.process.ignored, [QUIT, USR1, PIPE]);
    t.same(dump.process.blocked, []);
    run.signal('SIGHUP');
    await run.sees(/^old worker \d+ died, status:0$/);
    t.same(await run.stop(), { code: 0, signal: null });
  });

  t.test('of signals only PIPE is ignored by itself', async (t) => {
    const { dump, run } = await firstWorker(t, [], { under: shell });
    t.same([dump.process.ignored, dump.process.blocked, dump.process.caught], [[PIPE], [], []]);
    await run.stop();
  });

  t.test('blocked signals, which stay without effect on the superdaemon', async (t) => {
    const { dump, run } = await firstWorker(t, [], { under: [...blocking('SIGHUP, SIGUSR1'), ...shell] });
    t.same(dump.process.blocked, [HUP, USR1]);
    run.signal('SIGHUP');
    t.same(await run.stop(), { code: 0, signal: null });
    t.equal(run.workers.length, 1);
  });

  const isBash = shell.some((word) => /bash$|\/sh$/.test(word));
  const skip = isBash && 'bash unblocks CHLD, for what it runs too';
  t.test('CHLD, when it is blocked', { skip }, async (t) => {
    const { dump, run } = await firstWorker(t, [], { under: [...blocking('SIGCHLD'), ...shell] });
    t.same(dump.process.blocked, [CHLD]);
    run.signal('SIGHUP');
    await run.sees(/^old worker \d+ died, status:0$/);
    await run.stop();
  });

  t.test('descriptors that were inherited', async (t) => {
    const under = after('exec 7</etc/passwd 200>>/dev/null', shell);
    const port = String(await freePort());
    const { dump, run } = await firstWorker(t, [`--port=${port}`], { under });
    t.same(descriptors(dump), [0, 1, 2, 3, 7, 200]);
    t.match(dump.fds.get(7), { target: '/etc/passwd', access: 'RDONLY', cloexec: false });
    t.match(dump.fds.get(200), { target: '/dev/null', access: 'WRONLY', append: true, cloexec: false });
    await run.stop();
  });

  t.test('sockets go around inherited descriptors, fixed ones replace them', async (t) => {
    const under = after('exec 3</etc/passwd 4</etc/passwd 6</etc/passwd', shell);
    const port = String(await freePort());
    const { dump, run } = await firstWorker(t, [`--port=${port}`, `--port=127.0.0.1:0=4`, '--path=s'], {
      under,
      cwd: workspace(t),
    });
    t.equal(variable(dump, 'SERVER_STARTER_PORT'), `${port}=5;127.0.0.1:0=4;s=7`);
    t.match(sockets(dump), [/^4 127\.0\.0\.1:/, `5 0.0.0.0:${port}`, '7 s']);
    t.same(
      [3, 6].map((number) => dump.fds.get(number)?.target),
      ['/etc/passwd', '/etc/passwd'],
    );
    await run.stop();
  });

  t.test('standard descriptors that were closed', async (t) => {
    for (const [redirections, open] of [
      ['0<&-', [1, 2]],
      ['1>&-', [0, 2]],
      ['0<&- 1>&- 2>&-', []],
    ] as const) {
      const { dump, run } = await firstWorker(t, ['--port=127.0.0.1:0'], {
        under: after(`exec ${redirections}`, shell),
      });
      t.same(descriptors(dump), [...open, 3], redirections);
      t.equal(variable(dump, 'SERVER_STARTER_PORT'), '127.0.0.1:0=3');
      t.same(await run.stop(), { code: 0, signal: null });
    }
  });

  t.test('a closed standard error', async (t) => {
    const { dump, run } = await firstWorker(t, [], { under: after('exec 2>&-', shell) });
    t.same(descriptors(dump), [0, 1]);
    t.same(await run.stop(), { code: 0, signal: null });
  });

  t.test('with every descriptor of one digit inherited', async (t) => {
    const under = after('for n in 3 4 5 6 7 8 9; do eval "exec $n</etc/passwd"; done; exec 200</etc/passwd', shell);
    const { dump, run } = await firstWorker(t, [], { under });
    t.same(descriptors(dump), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 200]);
    await run.stop();
  });

  t.test('more descriptors than a low limit would let anybody open', async (t) => {
    const numbers = Array.from({ length: 200 }, (_, index) => index);
    const under = after('for n in $(seq 3 199); do eval "exec $n</etc/passwd"; done', shell);
    const { dump, run } = await firstWorker(t, [], { under });
    t.same(descriptors(dump), numbers);
    t.same(await run.stop(), { code: 0, signal: null });
  });

  t.test('standard descriptors that are files', async (t) => {
    const file = join(workspace(t), 'out');
    const { dump, run } = await firstWorker(t, [], { under: after(`exec >>'${file}' </etc/passwd`, shell) });
    t.match(dump.fds.get(0), { target: '/etc/passwd', access: 'RDONLY', cloexec: false });
    t.match(dump.fds.get(1), { target: file, append: true, access: 'WRONLY', nonblock: false, cloexec: false });
    await run.stop();
  });
});
