/** What happens to workers, told as it happens: for people, and for programs. */
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { fullDevice, withoutFullDevice } from '../helpers/output/full-device.js';
import { TestPipe } from '../helpers/output/test-pipe.js';
import { room } from '../helpers/place/room.js';
import { probe } from '../helpers/processes/probe.js';
import { Run, type RunOptions } from '../helpers/running/starter.js';

/** A start_server with a control socket, in a directory of its own. */
async function running(t: Test) {
  const cwd = room(t);
  const run = new Run(t, ['--interval=0', '--control=c', '--', probe()], { cwd });
  await run.sees(/^starting new worker/);
  return { cwd, run };
}

function following(t: Test, cwd: string, options: readonly string[] = [], how: RunOptions = {}): Run {
  return new Run(t, ['--follow', '--control=c', ...options], { cwd, ...how });
}

/** One that runs, and one that follows it. */
async function followed(t: Test, options: readonly string[]) {
  const { cwd, run } = await running(t);
  return { run, follower: following(t, cwd, options) };
}

/** HUPs until the follower has told of one: it may not be heard yet when the first comes. */
async function restarted({ run, follower }: Awaited<ReturnType<typeof followed>>): Promise<void> {
  await eventually(
    'an event',
    () => {
      run.signal('SIGHUP');
      return ['spawned', 'started'].every((event) => follower.stdout.includes(event));
    },
    { seen: () => follower.stderr },
  );
}

t.test('for people, with the time, and to the end', async (t) => {
  const both = await followed(t, []);
  await restarted(both);
  t.same(await both.run.stop(), { code: 0, signal: null });
  t.same(await both.follower.ended(), { code: 0, signal: null });
  const lines = both.follower.stdout.trimEnd().split('\n');
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d generation \d+: worker \d+ (.*)$/;
  for (const line of lines) t.match(line, form);
  const told = new Set(lines.map((line) => form.exec(line)?.[1]));
  for (const each of ['was spawned', 'has started well', 'was sent TERM', 'has ended: exit code 0'])
    t.ok(told.has(each), each);
});

t.test('for programs, a line of JSON each', async (t) => {
  const both = await followed(t, ['--json']);
  await restarted(both);
  t.same(await both.run.stop(), { code: 0, signal: null });
  t.same(await both.follower.ended(), { code: 0, signal: null });
  const events = both.follower.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { time: string; event: string; generation: number; pid: number });
  for (const { time, pid, generation } of events) {
    t.ok(Date.parse(time) > 0);
    t.ok(pid > 0 && generation > 0);
  }
  t.same([...new Set(events.map(({ event }) => event))].sort(), ['died', 'retired', 'spawned', 'started']);
});

t.test('where nobody is, it says so', async (t) => {
  const follower = new Run(t, ['--follow', '--control=none'], { cwd: room(t) });
  t.same(await follower.ended(), { code: 1, signal: null });
  t.match(follower.stderr, /^failed to connect to control socket:none:No such file or directory; /);
});

/** HUPs until all of these have ended. */
async function endedByEvents(run: Run, followers: readonly Run[]): Promise<void> {
  await eventually('their end', () => {
    run.signal('SIGHUP');
    return followers.every(({ isRunning }) => !isRunning);
  });
}

t.test(
  'those whose reader has gone, as `head -1`, end at the next event, and leave their places to others',
  async (t) => {
    const { cwd, run } = await running(t);
    const pipe = new TestPipe(t);
    const how: RunOptions = { stdio: ['ignore', pipe.writing, 'pipe'] };
    const followers = Array.from({ length: 16 }, (_, at) => following(t, cwd, at % 2 === 0 ? [] : ['--json'], how));
    await eventually('the first event', () => {
      run.signal('SIGHUP');
      return pipe.keepReading().includes('\n');
    });
    pipe.closeReading();
    await endedByEvents(run, followers);
    for (const follower of followers)
      t.same([await follower.ended(), follower.stderr], [{ code: 141, signal: null }, '']);
    await restarted({ run, follower: following(t, cwd) });
    t.same(await run.stop(), { code: 0, signal: null });
  },
);

t.test('one whose output cannot be written says so', { skip: withoutFullDevice }, async (t) => {
  const { cwd, run } = await running(t);
  const follower = following(t, cwd, [], { stdio: ['ignore', fullDevice(t), 'pipe'] });
  await endedByEvents(run, [follower]);
  t.same(await follower.ended(), { code: 28, signal: null });
  t.match(follower.stderr, /^failed to write standard output: No space left on device; [^\n]*\n$/);
  t.same(await run.stop(), { code: 0, signal: null });
});
