/** Whoever calls `--daemonize` knows, when it returns, how the start went. */
import t from 'tap';
import { FaultRun } from '../helpers/running/faults.js';
import { slowed, withoutStrace } from '../helpers/processes/strace.js';

const title = 'row 25: when --daemonize returns, the pid file is complete and the first worker is forked';
t.test(title, { skip: withoutStrace }, async (t) => {
  // What stands in the file and what children that process has, at once after the return.
  const look = 'read pid <pid; for child in $(cat "/proc/$pid/task/$pid/children"); do cat "/proc/$child/stat"; done';
  const under = ['sh', '-c', `"$@"; code=$?; ${look}; echo "code $code"`, 'sh', ...slowed('setsid:delay_enter=300000')];
  const options = ['--daemonize', '--pid-file=pid', '--log-file=log', '--', 'sleep', '99'];
  const run = new FaultRun(t, options, { under });
  // Not for its end: strace keeps the output open.
  await run.until('the return', () => /^code \d+\n/m.test(run.stdout));
  t.match(run.stdout, /^\d+ \([^)]*\) [^Z][^]*\ncode 0\n$/, 'the process in the file has a child that lives');
});

for (const [option, line] of [
  ['--pid-file=no/pid', /^failed to open file:no\/pid: No such file or directory(?:;.*)?$/m],
  ['--status-file=no/st', /^failed to create temporary file:no\/st\.\d+:No such file or directory(?:;.*)?$/m],
] as const) {
  t.test(`row 25: --daemonize tells its caller that ${option} cannot be made`, async (t) => {
    const run = new FaultRun(t, ['--daemonize', '--log-file=log', option, '--', 'sleep', '99']);
    t.same(await run.ended(), { code: 2, signal: null });
    t.match(run.stderr, line);
  });
}
