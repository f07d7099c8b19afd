/** Limits of the caller's under which node would not begin, or break off with a dump. */
import t from 'tap';
import { failing, firstWorker } from '../helpers/running/first-worker.js';
import { underEveryShell } from '../helpers/running/shells.js';
import { workspace } from '../helpers/place/workspace.js';

const KiB = 1024;

underEveryShell(t, (t, shell) => {
  t.test('soft limits of memory are lifted, and workers get them back', async (t) => {
    for (const [option, name, soft] of [
      ['as', 'Max address space', 300_000 * KiB],
      ['data', 'Max data size', 30_000 * KiB],
    ] as const) {
      const under = ['prlimit', `--${option}=${String(soft)}:`, ...shell];
      const { dump, run } = await firstWorker(t, [], { under });
      t.match(dump.limits.get(name), { soft }, name);
      t.same(await run.stop(), { code: 0, signal: null });
    }
  });

  t.test('what is too low for node is one line', async (t) => {
    const tooLow = 'too low for node; raise it';
    for (const [option, limit, code, reason] of [
      ['as', 10_000 * KiB, 12, `the limit of memory (ulimit -Hv) is 10000 KiB, ${tooLow}`],
      ['as', 500_000 * KiB, 12, `the limit of memory (ulimit -Hv) is 500000 KiB, ${tooLow}`],
      ['data', 40_000 * KiB, 12, `the limit of memory (ulimit -Hd) is 40000 KiB, ${tooLow}`],
      ['nofile', 14, 24, `the limit of open files (ulimit -Hn) is 14, ${tooLow} to 64 at least`],
      ['nofile', 18, 24, `the limit of open files (ulimit -Hn) is 18, ${tooLow} to 64 at least`],
    ] as const) {
      const under = ['prlimit', `--${option}=${String(limit)}:${String(limit)}`, ...shell];
      const ended = await failing(t, ['--', 'true'], { under });
      t.same(ended, { code, stdout: '', stderr: `start_server: ${reason}\n` }, `${option} ${String(limit)}`);
    }
  });
});

const isRoot = process.getuid?.() === 0;

t.test(
  'a thread that is refused to node is one line',
  { skip: !isRoot && 'root alone can become another user' },
  async (t) => {
    const cwd = workspace(t);
    // A user that nobody else is, since all processes of one count together.
    const user = ['setpriv', '--reuid=64123', '--clear-groups'];
    // With ten, the one for which there is no room may also be the daemon: it depends on who has ended by then.
    const refusal = '(?:start_server: the system refuses a thread to node|failed to daemonize: fork: Resource .*)';
    for (const processes of ['4', '8', '10']) {
      const under = [...user, 'prlimit', `--nproc=${processes}:${processes}`];
      for (const options of [[], ['--daemonize', `--log-file=${cwd}/log`]]) {
        const ended = await failing(t, [...options, '--', 'true'], { under, cwd: '/' });
        t.match(ended, {
          code: 11,
          stdout: '',
          stderr: new RegExp(`^${refusal}; raise .*\\n$`),
        });
      }
    }
  },
);

t.test('without /proc it runs all the same', { skip: !isRoot && 'root alone can unmount' }, (t) => {
  underEveryShell(t, async (t, shell) => {
    const under = ['unshare', '--mount', 'sh', '-c', 'umount -l /proc; exec "$@"', 'sh', ...shell];
    const program = ['sh', '-c', 'echo $name; echo ${LD_PRELOAD-unset}; ulimit -Sn; exit 1'];
    const env = { PATH: process.env['PATH'], name: 'kept', NODE_DEBUG: 'net' };
    const how = { under: ['prlimit', '--nofile=500:', ...under], env };
    const ended = await failing(t, ['--interval=0', '--max-failures=1', '--', ...program], how);
    t.match(ended, { code: 69, stdout: 'kept\nunset\n500\n', stderr: /giving up after 1 failed start/ });
  });
  t.end();
});
