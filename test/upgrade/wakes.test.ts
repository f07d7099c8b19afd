/** One that sleeps wakes for all that it would have acted on awake, does it, and sleeps again. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { withoutCommand } from '../helpers/place/installed.js';
import { room } from '../helpers/place/room.js';
import { commanding, Talk } from '../helpers/running/control-socket.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { LoggedRun } from '../helpers/running/logged-run.js';
import { withoutSleeper } from '../helpers/images/asleep.js';
import { asleep } from '../helpers/running/upgrades.js';

const sleeping = ['--hibernate=0', '--interval=0'];
const shell = (script: string) => ['--', 'sh', '-c', `${script}; exec sleep 99`];
const say = 'eval "echo >&$SERVER_STARTER_READY_FD"';
const wait = 'until [ -e go ]; do sleep 0.02; done';

interface Wake {
  readonly options?: readonly string[];
  readonly program?: readonly string[];
  /** What wakes it. */
  readonly by: (run: FaultRun) => unknown;
  /** What it does then. */
  readonly then: RegExp;
  readonly skip?: string | false;
}

const go = (run: FaultRun) => {
  writeFileSync(join(run.directory, 'go'), '');
};

/** The first worker serves, the next one sleeps on and never tells that it is ready. */
async function cancelNext(run: FaultRun): Promise<void> {
  go(run);
  await run.sees(/^new worker \d+ is ready/);
  rmSync(join(run.directory, 'go'));
  run.signal('SIGHUP');
  await run.sees(/^starting new worker/, 2);
  await asleep(run.pid, () => run.stderr);
  await commanding(t, ['--cancel'], run.directory).ended();
}

const table: Record<string, Wake> = {
  HUP: { by: (run) => run.signal('SIGHUP'), then: /^old worker \d+ died/ },
  USR2: { by: (run) => run.signal('SIGUSR2'), then: /^upgraded from/ },
  "a worker's death": {
    by: (run) => process.kill(run.worker(1), 'SIGKILL'),
    then: /died unexpectedly with status:9, restarting\nstarting new worker/,
  },
  'a word on a ready pipe': {
    options: ['--ready=fd'],
    program: shell(`${wait}; ${say}`),
    by: go,
    then: /^new worker \d+ is ready/,
  },
  'a ready pipe that is closed, at the end of its worker': {
    options: ['--ready=fd', '--interval=1'],
    program: shell(`${wait}; exit 3`),
    by: go,
    then: /seems to have failed to start, exit status:768/,
  },
  'a message at the notify socket': {
    options: ['--ready=notify'],
    program: shell(`${wait}; systemd-notify --ready`),
    by: go,
    then: /^new worker \d+ is ready/,
    skip: withoutCommand('systemd-notify'),
  },
  'a deadline': { options: ['--interval=1'], by: (run) => run.signal('SIGHUP'), then: /^old worker \d+ died/ },
  'the pause after a failed start': {
    options: ['--interval=1'],
    program: ['--', 'false'],
    by: () => undefined,
    then: /(?:exit status:256\n(?:[^]*)){2}/,
  },
  'a control client': {
    options: ['--control=c'],
    by: (run) => commanding(t, ['--restart'], run.directory).ended(),
    then: /^old worker \d+ died/,
  },
  'a cancel, while a new worker is on probation': {
    options: ['--control=c', '--ready=fd'],
    program: shell(`${wait}; ${say}`),
    by: cancelNext,
    then: /^the restart is cancelled, worker \d+ goes on/,
  },
};

t.jobs = 3;
for (const [name, { options = [], program = ['--', 'sleep', '99'], by, then, skip = false }] of Object.entries(table))
  t.test(name, { buffered: true, skip: withoutSleeper || skip }, async (t) => {
    const run = new FaultRun(t, [...sleeping, ...options, ...program], { cwd: room(t) });
    await run.sees(/^starting new worker/);
    await asleep(run.pid, () => run.stderr);
    await by(run);
    await run.sees(then);
    if (name !== 'the pause after a failed start') await asleep(run.pid, () => run.stderr);
    t.same(await run.stop(), success);
    t.match(run.stderr, /received TERM[^]*exiting\n$/);
  });

for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)
  t.test(`${signal} ends it`, { buffered: true, skip: withoutSleeper }, async (t) => {
    const run = new FaultRun(t, [...sleeping, '--path=s', '--pid-file=pid', '--', 'sleep', '99']);
    await run.sees(/^starting new worker/);
    await asleep(run.pid);
    run.signal(signal);
    t.same(await run.ended(), success);
    t.notOk(run.has('s') || run.has('pid'));
  });

for (const signal of ['SIGALRM', 'SIGWINCH', 'SIGCONT', 'SIGURG', 'SIGPIPE', 'SIGVTALRM'] as const)
  t.test(`${signal} does nothing, and it sleeps on`, { buffered: true, skip: withoutSleeper }, async (t) => {
    const run = new FaultRun(t, [...sleeping, '--', 'sleep', '99']);
    await run.sees(/^starting new worker/);
    await asleep(run.pid);
    run.signal(signal);
    run.signal('SIGHUP');
    await run.sees(/^old worker \d+ died/);
    await asleep(run.pid);
    t.same(await run.stop(), success);
  });

t.test('USR1, after a rotation of the log', { buffered: true, skip: withoutSleeper }, async (t) => {
  const run = new LoggedRun(t, [...sleeping, '--log-file=log', '--', 'sleep', '99'], { cwd: room(t) });
  await run.logs(/^starting new worker/);
  await asleep(run.pid);
  renameSync(join(run.directory, 'log'), join(run.directory, 'old'));
  run.signal('SIGUSR1');
  await run.logs(/./);
  await asleep(run.pid);
  t.same(await run.stop(), success);
  t.match(run.read('log'), /exiting\n$/);
});

t.test('a client that asks for the status', { buffered: true, skip: withoutSleeper }, async (t) => {
  const run = new FaultRun(t, [...sleeping, '--control=c', '--', 'sleep', '99']);
  await run.sees(/^starting new worker/);
  await asleep(run.pid);
  t.match(await new Talk(t, run.directory, { command: 'status' }).all(), [{ ok: true, status: { generation: 1 } }]);
  await asleep(run.pid);
  t.same(await run.stop(), success);
});

/** What turns auto restart on, which shows that the change was seen. */
function fill(directory: string): void {
  writeFileSync(join(directory, 'AUTO_RESTART_INTERVAL'), '1');
  writeFileSync(join(directory, 'ENABLE_AUTO_RESTART'), '1');
}

/** The ways in which an envdir, `env`, changes. */
const changes: Record<
  string,
  { before: (at: (name: string) => string) => void; change: (at: (name: string) => string) => void }
> = {
  'a file in it is written': {
    before: (at) => {
      mkdirSync(at('env'));
    },
    change: (at) => {
      fill(at('env'));
    },
  },
  'it appears': {
    before: () => undefined,
    change: (at) => {
      mkdirSync(at('next'));
      fill(at('next'));
      renameSync(at('next'), at('env'));
    },
  },
  'its link leads elsewhere': {
    before: (at) => {
      for (const name of ['one', 'two']) mkdirSync(at(name));
      symlinkSync('one', at('env'));
      fill(at('two'));
    },
    change: (at) => {
      symlinkSync('two', at('next'));
      renameSync(at('next'), at('env'));
    },
  },
};

for (const [name, { before, change }] of Object.entries(changes))
  t.test(`a change of the envdir: ${name}`, { buffered: true, skip: withoutSleeper }, async (t) => {
    const cwd = room(t);
    const at = (file: string) => join(cwd, file);
    before(at);
    const run = new FaultRun(t, [...sleeping, '--envdir=env', '--', 'sleep', '99'], { cwd });
    await run.sees(/^starting new worker/);
    await asleep(run.pid);
    change(at);
    await run.sees(/^starting new worker/, 3);
    t.same(await run.stop(), success);
  });
