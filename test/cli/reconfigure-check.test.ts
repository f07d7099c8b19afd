/** --reconfigure --check looks at what the new command line needs beside that in force, says all that is wrong, and changes nothing. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { freePort } from '../helpers/place/ports.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { snapshot } from '../helpers/running/checking.js';
import { controlled } from '../helpers/running/control-socket.js';
import { saidBy } from '../helpers/running/control.js';
import { reconfiguring, standing, type Wanted } from '../helpers/running/reconfiguring.js';
import { isAlive } from '../helpers/running/starter.js';

const port = await freePort();
const kept = [`--port=127.0.0.1:${String(port)}`, '--path=s'];

const cases: Readonly<Record<string, readonly [code: number, line: RegExp, wanted: Wanted]>> = {
  'a program that is not there': [75, /^the program cannot be executed: there is no ".\/no"/, { program: ['./no'] }],
  'no such --dir': [75, /^failed to chdir:no:No such file or directory; /, { options: [...kept, '--dir=no'] }],
  'a port that is none': [255, /^invalid ``port'' value:x/, { options: ['--port=x'] }],
  'an address that an old socket has': [
    98,
    /^failed to bind to \d+:Address already in use; --port=127\.0\.0\.1:\d+ of the command line in force has it/,
    { options: [`--port=${String(port)}`] },
  ],
  'a path in no directory': [2, /^failed to listen to file no\/s:/, { options: [...kept, '--path=no/s'] }],
  'a path that is a file': [98, /^failed to listen to file f:something that is no socket/, { options: ['--path=f'] }],
  'an unknown owner of a path': [1, /^--path-owner: no user "x"/, { options: ['--path=n', '--path-owner=x'] }],
  'a log that is a directory': [21, /^failed to open log file:\.: Is a directory/, { options: ['--log-file=.'] }],
  'a logger that is not there': [2, /^failed to open pipe:\|no: /, { options: ['--log-file=|no'] }],
  'another status file that cannot be written': [
    2,
    /^failed to create temporary file:no\/st/,
    { options: ['--status-file=no/st'] },
  ],
  'a pid file that cannot change': [1, /^--pid-file cannot change while /, { options: ['--pid-file=other'] }],
};

t.test('what is wrong is told, and nothing changes', async (t) => {
  const run = await controlled(t, [], { options: kept });
  writeFileSync(join(run.directory, 'f'), '');
  const before = [await standing(t, run), snapshot(run.directory), run.stderr];
  for (const [name, [code, line, wanted]] of Object.entries(cases)) {
    const said = await saidBy(reconfiguring(t, run, [], { ...wanted, how: ['--check'] }));
    t.match(said, { code, stderr: line }, name);
    t.equal(said.stderr.split('\n').length, 2, `${name}: one line`);
    t.same([await standing(t, run), snapshot(run.directory), run.stderr], before, name);
  }
  t.ok(isAlive(run.workers[0] ?? NaN), 'the worker serves on');
  await run.stop();
});

t.test('where open files run out, that is told, and nothing changes', async (t) => {
  const run = await controlled(t, [], { options: kept });
  const before = await standing(t, run);
  const soft = descriptorsOf(run.pid).length + 8;
  execFileSync('prlimit', [`--pid=${String(run.pid)}`, `--nofile=${String(soft)}:`]);
  const options = [...kept, ...Array.from({ length: 30 }, () => '--port=127.0.0.1:0')];
  const said = await saidBy(reconfiguring(t, run, [], { options, how: ['--check'] }));
  t.match(said, { code: 24, stderr: /^failed to create socket:Too many open files; .*\n$/ });
  t.same(await standing(t, run), before, 'what was bound for the look is closed');
  await run.stop();
});

t.test('all that is wrong is told, and the first has the exit code', async (t) => {
  const run = await controlled(t, [], { options: kept });
  const options = [...kept, '--log-file=no/log', '--port=x', '--path=no/s', '--dir=no'];
  const said = await saidBy(reconfiguring(t, run, [], { options, how: ['--check'] }));
  t.equal(said.code, 2);
  t.match(said.stderr.split('\n'), [
    /log file/,
    /^invalid ``port''/,
    /^failed to listen to file/,
    /^failed to chdir/,
    '',
  ]);
  await run.stop();
});
