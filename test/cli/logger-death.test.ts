/** A logger that dies, again and again, or stops reading: the service and its log go on. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually, eventuallySame } from '../helpers/eventually.js';
import { LoggedRun } from '../helpers/running/logged-run.js';
import { script } from '../helpers/processes/native.js';
import { descriptorsOf, parentOf } from '../helpers/processes/processes.js';
import { room } from '../helpers/place/room.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { isAlive } from '../helpers/running/starter.js';

/** A run whose logger is the script `logger`: it writes its pid to `loggers`, and what it reads to `log`. */
class LoggerRun extends LoggedRun {
  constructor(t: Test, words: readonly string[], { prelude = ':', options = [] as readonly string[] } = {}) {
    const cwd = room(t);
    script(join(cwd, 'logger'), `#!/bin/sh\necho $$ >>loggers\n${prelude}\nexec cat >>log\n`);
    super(t, ['--log-file', '| ./logger', '--interval=0', ...options, '--', ...words], { cwd });
  }

  get loggers(): number[] {
    return this.read('loggers').split('\n').slice(0, -1).map(Number);
  }

  /** Waits until there were so many, and gives the last one. */
  async logger(number = 1): Promise<number> {
    const pid = await eventually('the logger', () => this.loggers[number - 1], { seen: () => this.stderr });
    // A cat has nothing in its hands while it sleeps.
    await eventually('its rest', () => isAsleepIn(pid, 'cat'));
    return pid;
  }
}

function isAsleepIn(pid: number, program: string): boolean {
  return procFile(pid, 'stat').startsWith(`${String(pid)} (${program}) S`);
}

/** Until it has really stopped it may read on, and what it has read ends with it. */
async function stop(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await eventually('a stopped process', () => /^\d+ \(.*\) T/s.test(procFile(pid, 'stat')));
}

const sleeping = ['sleep', '100'];

t.test('a logger that is killed is replaced, which the next one is told', async (t) => {
  const run = new LoggerRun(t, sleeping);
  await run.logs(/^starting new worker/);
  const first = await run.logger();
  const before = descriptorsOf(run.pid);
  process.kill(first, 'SIGKILL');
  const second = await run.logger(2);
  await run.logs(new RegExp(`^logger ${String(first)} died unexpectedly with status:9, restarting$`));
  t.equal(parentOf(second), run.pid);
  await eventuallySame(t, () => descriptorsOf(run.pid), before);
  run.signal('SIGHUP');
  await run.logs(/^old worker \d+ died, status:15$/);
  t.same(await run.stop(), { code: 0, signal: null });
  await run.logs(/^exiting$/);
  t.equal(run.lines.length, 1, 'nothing of it is on standard error');
  t.equal(run.loggers.length, 2);
});

t.test('what is in the pipe is not lost, and the worker that writes sees no error', async (t) => {
  const lines = 10_000; // more than a pipe holds
  const numbered = `while [ ! -e go ]; do sleep 0.01; done; : >going; i=0; while [ $i -lt ${String(lines)} ]`;
  const writing = `${numbered}; do echo number $i || echo failed >>failed; i=$((i+1)); done; exec sleep 100`;
  const run = new LoggerRun(t, ['sh', '-c', writing]);
  await run.logs(/^starting new worker/);
  const logger = await run.logger();
  await stop(logger);
  writeFileSync(join(run.directory, 'go'), '');
  const [worker = NaN] = run.workers;
  await eventually('a full pipe', () => run.has('going') && isAsleepIn(worker, 'sh'));
  process.kill(logger, 'SIGKILL');
  await run.logs(new RegExp(`^number ${String(lines - 1)}$`));
  t.same(
    run.read().match(/(?<=^number )\d+$/gm),
    Array.from({ length: lines }, (_, index) => String(index)),
  );
  t.notOk(run.has('failed'));
  await run.logs(/^logger \d+ died unexpectedly with status:9, restarting$/);
  await run.stop();
});

t.test('one that dies again and again is started about once a second', async (t) => {
  const prelude = 'date +%s%N >>starts; [ $(wc -l <starts) -gt 3 ] || exit 1';
  const run = new LoggerRun(t, sleeping, { prelude });
  await run.logger(4);
  const starts = run.read('starts').split('\n').slice(0, -1).map(Number);
  const gaps = starts.slice(1).map((start, index) => (start - (starts[index] ?? NaN)) / 1e9);
  const [, second = NaN, third = NaN] = gaps;
  t.ok(second > 0.9 && third > 0.9, gaps.join());
  await run.logs(/^logger \d+ died unexpectedly with status:256, restarting$/, { times: 3 });
  await run.stop();
  await run.logs(/^exiting$/);
  t.match(run.read(), /^starting new worker \d+$/m, 'and no line is lost');
});

t.test('one whose program is gone is started again when it is back', async (t) => {
  const run = new LoggerRun(t, ['sh', '-c', 'echo >>starts; exec sleep 100']);
  await run.logs(/^$/, { times: 2, name: 'starts' }); // one line, and the end of the file
  const logger = await run.logger();
  const [here, away] = [join(run.directory, 'logger'), join(run.directory, 'away')];
  renameSync(here, away);
  process.kill(logger, 'SIGKILL');
  await eventually('its end', () => procFile(logger, 'stat') === '');
  // The first HUP may overtake the first try, which is due at once; the second comes a turn of the loop later.
  for (const times of [3, 4]) {
    run.signal('SIGHUP');
    await run.logs(/^$/, { times, name: 'starts' });
  }
  renameSync(away, here);
  await run.logger(2);
  await run.logs(/^failed to exec \.\/logger:No such file or directory$/);
  await run.logs(/^logger \d+ died unexpectedly with status:65280, restarting$/);
  await run.stop();
});

/** A worker that leaves no room in the pipe, once. */
const filling = [
  'sh',
  '-c',
  'while [ ! -e go ]; do sleep 0.01; done; [ -e full ] || head -c 65536 /dev/zero; : >full; exec sleep 100',
];

/** A run whose logger is stopped, with a full pipe and a status file. */
async function unread(t: Test): Promise<LoggerRun> {
  const run = new LoggerRun(t, filling, { options: ['--status-file=status'] });
  await run.logs(/^starting new worker/);
  await stop(await run.logger());
  writeFileSync(join(run.directory, 'go'), '');
  await eventually('a full pipe', () => run.has('full'));
  return run;
}

function readOn({ loggers: [logger = NaN] }: LoggerRun): void {
  process.kill(logger, 'SIGCONT');
}

t.test('one that does not read delays nothing', async (t) => {
  const run = await unread(t);
  run.signal('SIGHUP');
  await eventually('the next worker', () => /^2:\d+\n$/.test(run.read('status')));
  run.signal('SIGTERM');
  await eventually('the end of start_server', () => !isAlive(run.pid));
  t.notOk(run.has('status'));
  readOn(run);
  t.same(await run.ended(), { code: 0, signal: null });
});

t.test('when it reads on it gets the lines that waited', async (t) => {
  const run = await unread(t);
  run.signal('SIGHUP');
  await eventually('the next worker', () => /^2:\d+\n$/.test(run.read('status')));
  const before = run.read().length + 65_536;
  readOn(run);
  await run.logs(/^old worker \d+ died/);
  t.match(
    run.read().slice(before),
    /^received HUP.*\nstarting .*\nnew worker is now running.*\nkilling old workers\nold worker \d+ died.*\n$/,
  );
  await run.stop();
});

t.test('and is told how many were dropped', async (t) => {
  const run = await unread(t);
  const generation = () => Number(/^(\d+):\d+\n$/.exec(run.read('status'))?.[1] ?? 0);
  const enough = 210; // a restart is five lines, and a thousand wait
  await eventually('many restarts', () => {
    if (generation() < enough) run.signal('SIGHUP');
    return generation() >= enough;
  });
  readOn(run);
  await run.logs(/^\d+ lines were dropped while the log was not read$/);
  const [, dropped] = /^(\d+) lines were dropped/m.exec(run.read()) ?? [];
  const told = run.read().match(/^(?:received HUP|starting new|new worker is|killing old|old worker).*$/gm) ?? [];
  t.ok(
    told.length >= 1000 && told.length + Number(dropped) >= 5 * (enough - 1),
    `${String(told.length)}, ${String(dropped)}`,
  );
  await run.stop();
});
