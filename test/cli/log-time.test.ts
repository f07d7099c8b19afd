/** Each line of ours begins with the time, where that is asked for; what workers write is theirs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { timestamp } from '../../src/system/loop/clock.js';
import { room } from '../helpers/place/room.js';
import { workspace } from '../helpers/place/workspace.js';
import { Run } from '../helpers/running/starter.js';
import { eventually } from '../helpers/eventually.js';

const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d`;

/** The lines of the log without the times; those that have none begin with `theirs: `. */
function told(text: string): string[] {
  const ours = new RegExp(`^${time} `);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (ours.test(line) ? line.replace(ours, '') : `theirs: ${line}`).replace(/\d{3,}/g, 'PID'));
}

const worker = ['sh', '-c', 'echo hello; exec sleep 100'];
const expected = [
  'start_server (pid:PID) starting now...',
  'starting new worker PID',
  'theirs: hello',
  'received TERM, sending TERM to all workers:PID',
  'worker PID died, status:15',
  'exiting',
];

const places: readonly (readonly [where: string, option: (cwd: string) => string[]])[] = [
  ['a file', () => ['--log-file=log']],
  ['a logger', () => ['--log-file=| cat >>log']],
];
for (const [where, options] of places) {
  t.test(`in ${where}`, async (t) => {
    const cwd = room(t);
    const run = new Run(t, ['--interval=0', '--log-time', ...options(cwd), '--', ...worker], { cwd });
    const text = () => (existsSync(join(cwd, 'log')) ? readFileSync(join(cwd, 'log'), 'latin1') : '');
    await eventually('the worker', () => text().includes('hello'), { seen: () => run.stderr });
    t.same(await run.stop(), { code: 0, signal: null });
    await eventually('the last line', () => text().endsWith('exiting\n'), { seen: text });
    t.same(told(run.stderr + text()).sort(), [...expected].sort());
  });
}

t.test('what a worker has said last is told apart', async (t) => {
  const cwd = workspace(t);
  const run = new Run(
    t,
    [
      '--interval=1',
      '--log-time',
      '--max-failures=1',
      '--log-file=log',
      '--control=c',
      '--',
      'sh',
      '-c',
      'echo no luck >&2; exit 3',
    ],
    { cwd },
  );
  t.same(await run.ended(), { code: 69, signal: null });
  const lines = told(readFileSync(join(cwd, 'log'), 'latin1'));
  const wanted = [
    'starting new worker PID',
    'theirs: no luck',
    'new worker PID seems to have failed to start, exit status:768',
    'giving up after 1 failed start, nothing serves',
    'exiting',
  ];
  t.same(lines.map((line) => line.replace('status:PID', 'status:768')).sort(), wanted.sort());
});

t.test('it is RFC 3339, with the offset of the place', (t) => {
  t.match(timestamp(), new RegExp(`^${time}$`));
  const date = new Date('2026-01-02T03:04:05.006Z');
  t.equal(Date.parse(timestamp(date)), date.getTime());
  t.end();
});
