/** A logger that does not read, or dies, costs neither service nor lines. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { FaultRun, stateOf, success } from '../helpers/running/faults.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { room } from '../helpers/place/room.js';
import { isAlive } from '../helpers/running/starter.js';

/** Leaves no room in the pipe of the log (by an open file of its own, not to make that of others non-blocking). */
const fill = 'dd if=/dev/zero of=/dev/stdout bs=1 oflag=nonblock 2>dd';
/** The first worker fills the pipe; each of them leaves a file behind. */
const filling = ['sh', '-c', `test -e gen.1 || ${fill}; : >"gen.$SERVER_STARTER_GENERATION"; exec sleep 99`];

t.test('row 24: a logger that never reads does not keep the superdaemon from ending', async (t) => {
  const run = new FaultRun(t, ['--interval=0', '--log-file=| exec sleep 99 >/dev/null 2>&1', '--', ...filling]);
  await run.until('a full pipe', () => run.has('gen.1'));
  run.signal('SIGTERM');
  t.same(await run.ended(), success);
});

/** A run with a full pipe and a logger that begins to read, into `out`, when it is told to. */
async function unread(t: Test): Promise<FaultRun & { readonly tellLogger: () => void }> {
  const directory = room(t);
  execFileSync('mkfifo', [join(directory, 'go')]);
  const logger = '--log-file=| read word <go; exec cat >out 2>/dev/null';
  const options = ['--interval=0', '--status-file=st', logger];
  const run = new FaultRun(t, [...options, '--', ...filling], { cwd: directory });
  await run.until('a full pipe', () => run.has('gen.1'));
  return Object.assign(run, {
    tellLogger: () => {
      writeFileSync(join(directory, 'go'), 'now\n');
    },
  });
}

t.test('row 24: while a logger does not read workers are replaced, and its lines wait', async (t) => {
  const run = await unread(t);
  run.signal('SIGHUP');
  await run.until('the second worker', () => run.has('gen.2') && /^2:\d+\n$/.test(run.read('st')));
  run.tellLogger();
  await run.until('the lines', () => /^killing old workers\n[^]*^old worker \d+ died/m.test(run.read('out')));
  t.same(await run.stop(), success);
});

t.test('row 24: the lines that wait are bounded, and the number of dropped ones is told', async (t) => {
  const run = await unread(t);
  for (let generation = 2; generation < 230; generation += 1) {
    run.signal('SIGHUP');
    await run.until(`generation ${String(generation)}`, () => run.read('st').includes(`${String(generation)}:`));
  }
  run.tellLogger();
  await run.until('the number', () => /^\d+ lines were dropped while the log was not read$/m.test(run.read('out')));
  t.same(await run.stop(), success);
});

/** A logger that appends its pid to `loggers` and the log to `out`. */
const reading = '--log-file=| echo $$ >>loggers; exec cat >>out 2>/dev/null';

/** Waits for its end, too: what a dying process reads from the pipe is lost with it. */
async function killLogger(run: FaultRun): Promise<void> {
  const logger = Number(run.read('loggers'));
  process.kill(logger, 'SIGKILL');
  await run.until('the logger is gone', () => !isAlive(logger));
}

t.test('row 39: a logger that dies is started again', async (t) => {
  const run = new FaultRun(t, ['--interval=0', '--status-file=st', reading, '--', 'sleep', '99']);
  await run.until('the first worker', () => run.has('st') && run.read('out').includes('starting new worker'));
  await killLogger(run);
  run.signal('SIGHUP');
  await run.until('the second worker', () => /^2:\d+\n$/.test(run.read('st')));
  await run.until('its lines', () => /^killing old workers\n[^]*^old worker \d+ died/m.test(run.read('out')));
  t.match(run.read('loggers'), /^\d+\n\d+\n$/);
  t.same(await run.stop(), success);
});

t.test('row 39: while there is no logger workers meet no broken pipe, and lines are kept', async (t) => {
  const directory = room(t);
  execFileSync('mkfifo', [join(directory, 'go')]);
  const worker = ['sh', '-c', 'read word <go; echo "said by the worker"; echo "$?" >result; exec sleep 99'];
  const run = new FaultRun(t, ['--interval=0', reading, '--', ...worker], { cwd: directory });
  await run.until('the first worker', () => run.read('out').includes('starting new worker'));
  run.signal('SIGSTOP');
  await run.until('it stands still', () => stateOf(run.pid).startsWith('T'));
  await killLogger(run);
  writeFileSync(join(directory, 'go'), 'now\n');
  t.equal(await run.appears('result'), '0\n', 'the worker could write');
  run.signal('SIGCONT');
  await run.until('the line', () => run.read('out').includes('said by the worker\n'));
  t.same(await run.stop(), success);
});

const session = (pid: number) => stateOf(pid).split(' ')[3];

t.test("row 26: a daemon's logger lives in the daemon's session and keeps nothing of the caller's", async (t) => {
  const log = '--log-file=| echo $$ >>loggers; exec cat >>out';
  const run = new FaultRun(t, ['--daemonize', '--pid-file=pid', log, '--', 'sleep', '99']);
  const daemon = Number(await run.appears('pid'));
  const logger = Number(await run.appears('loggers'));
  t.ok(procFile(logger, 'stat'), 'it lives');
  t.equal(session(logger), session(daemon), 'their session is one');
  t.not(session(logger), session(process.pid), "and not the caller's");
  t.same(await run.ended(), success, 'its output is at an end');
});
