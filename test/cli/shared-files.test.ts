/** Two options that name one file: what a start bears as the original does, and what no --reconfigure does. */
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { room } from '../helpers/place/room.js';
import { probe } from '../helpers/processes/probe.js';
import { checked, snapshot } from '../helpers/running/checking.js';
import { controlled } from '../helpers/running/control-socket.js';
import { saidBy } from '../helpers/running/control.js';
import { reconfiguring, standing, statusOf, type Wanted } from '../helpers/running/reconfiguring.js';
import { isAlive, Run } from '../helpers/running/starter.js';

const options = ['--interval=0', '--path=s', '--status-file=s'];
const kept = /^failed to rename s\.\d+ to s:File exists; give a --status-file that is a file, or not there yet$/;

t.test('a status file does not take the place of a socket of the same start, nor of one that was killed', async (t) => {
  const cwd = room(t);
  for (const when of ['at first', 'again']) {
    const run = new Run(t, [...options, '--', probe()], { cwd });
    await run.sees(kept);
    t.ok(statSync(join(cwd, 's')).isSocket(), when);
    const { faults } = await checked(t, ['--path=s', '--', probe()], { cwd });
    t.match(faults, [/accepts connections there/]);
    const [worker = NaN] = run.workers;
    process.kill(worker, 'SIGKILL');
    await run.sees(/^starting new worker/, 2);
    t.equal(run.lines.filter((line) => kept.test(line)).length, 1, 'it is told once');
    run.signal('SIGKILL');
    await eventually('its end', () => !isAlive(run.pid));
    process.kill(run.workers.at(-1) ?? NaN, 'SIGKILL');
    await eventually('the end of its worker', () => !isAlive(run.workers.at(-1) ?? NaN));
  }
});

t.test('nor that of a named pipe, which --check warns of', async (t) => {
  const cwd = room(t);
  execFileSync('mkfifo', [join(cwd, 's')]);
  const words = ['--interval=0', '--status-file=s', '--', probe()];
  const { code, warnings } = await checked(t, words, { cwd });
  t.match([code, warnings], [0, [/^warning: failed to rename s\.PID to s:File exists; /]]);
  const run = new Run(t, words, { cwd });
  await run.sees(kept);
  await run.stop();
  t.ok(lstatSync(join(cwd, 's')).isFIFO());
});

t.test('--check warns of what a start writes over, as the original does', async (t) => {
  const pairs = ['--path=f --status-file=f', '--pid-file=f --status-file=./f', '--pid-file=f --log-file=f'];
  for (const pair of [...pairs, '--log-file=f --status-file=f']) {
    const { code, faults, warnings } = await checked(t, [...pair.split(' '), '--', probe()], { cwd: room(t) });
    t.match(
      { code, faults, warnings },
      { code: 0, faults: [], warnings: [/^warning: --\S+: "\S+" is the same file as /] },
    );
    t.equal(warnings.length, 1, pair);
  }
});

t.test('a pid file that is the status file starts, and is written over', async (t) => {
  const cwd = room(t);
  const run = new Run(t, ['--interval=0', '--pid-file=f', '--status-file=f', '--', probe()], { cwd });
  await eventually(
    'the status',
    () => existsSync(join(cwd, 'f')) && /^1:\d+\n$/.test(readFileSync(join(cwd, 'f'), 'utf8')),
  );
  await run.stop();
});

const inForce = ['--path=s', '--log-file=log'];

/** Beside `--status-file=st --pid-file=pid --control=c` and those in force; a later --status-file is the one that counts. */
const refused: Readonly<Record<string, readonly [code: number, line: RegExp, options: readonly string[]]>> = {
  'a status file that is a socket': [
    1,
    /^--path: "s" is the same file as "s" of --status-file; give/,
    ['--status-file=s'],
  ],
  'a status file that is the control socket': [
    1,
    /^--control: "c" is .* of --status-file; give/,
    ['--status-file=./c'],
  ],
  'a status file that is the pid file': [1, /^--status-file: "pid" is .* of --pid-file; give/, ['--status-file=pid']],
  'a path that is the pid file': [1, /^--path: "pid" is the same file as "pid" of --pid-file; give/, ['--path=pid']],
  'a path that is the log': [1, /^--path: "log" is the same file as "log" of --log-file; give/, ['--path=log']],
  'a new path by two names': [
    255,
    /^--path: ".\/n" is the same file as "n" of --path; give/,
    ['--path=n', '--path=./n'],
  ],
  'a path that was the status file': [
    1,
    /^--path: "st" is .* of --status-file, of the command line in force; change that in a first --reconfigure/,
    ['--status-file=other', '--path=st'],
  ],
  'a status file that is a named pipe': [
    17,
    /^failed to rename pipe\.\d+ to pipe:File exists; /,
    ['--status-file=pipe'],
  ],
};

t.test('another command line is refused, by --check and without, and nothing changes', async (t) => {
  const run = await controlled(t, [], { options: inForce });
  execFileSync('mkfifo', [join(run.directory, 'pipe')]);
  const before = [await standing(t, run), snapshot(run.directory)];
  for (const [name, [code, line, more]] of Object.entries(refused)) {
    for (const how of [['--check'], []]) {
      const wanted: Wanted = { options: [...inForce, ...more], how };
      const said = await saidBy(reconfiguring(t, run, [], wanted));
      t.match(said, { code, stderr: line }, `${name} ${how.join('')}`);
      t.equal(said.stderr.split('\n').length, 2, `${name}: one line`);
      t.same([await standing(t, run), snapshot(run.directory)], before, name);
    }
  }
  await run.stop();
});

t.test('an IPv6 address by another name is kept, and how a socket is asked for is told', async (t) => {
  const run = await controlled(t, [], { options: ['--port=[::1]:0', '--path=s'] });
  const [{ port = NaN } = {}] = (await statusOf(t, run)).listeners ?? [];
  const wanted = [`--port=[0:0:0:0:0:0:0:1]:${String(port)}`, '--path=./s=9'];
  const check = reconfiguring(t, run, [], { options: wanted, how: ['--check'] });
  t.equal((await check.ended()).code, 0);
  t.match(check.stdout, /^\.\/s +unix +kept: s -> \.\/s=9$/m);
  t.match(check.stdout, /^\[0:\S+ +tcp +kept: \[::1\]:0 -> \[0:0:0:0:0:0:0:1\]:\d+$/m);
  t.match(check.stdout, /^no other option changes, nor does the program$/m);
  t.match(await saidBy(reconfiguring(t, run, [], { options: wanted })), { code: 0 });
  await run.stop();
});
