/** A program that cannot be executed: what is really missing stands in the log, once, behind the system's words. */
import { readFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { commanding } from '../helpers/running/control-socket.js';
import { eventually } from '../helpers/eventually.js';
import { LoggedRun } from '../helpers/running/logged-run.js';
import { script } from '../helpers/processes/native.js';
import { room } from '../helpers/place/room.js';
import { plainEnvironment, Run } from '../helpers/running/starter.js';

const explained = /^the program cannot be executed: (.*)$/;

/** A directory with programs that cannot be executed, and one that can. */
function programs(t: Test): string {
  const cwd = room(t);
  mkdirSync(join(cwd, 'directory'));
  script(join(cwd, 'crlf'), '#!/usr/bin/perl\r\nprint 1;\r\n');
  script(join(cwd, 'perl7'), '#!/usr/bin/perl7 -w\nprint 1;\n');
  script(join(cwd, 'odd'), '#! ./data\nprint 1;\n');
  script(join(cwd, 'plain'), '#!/bin/sh\nexec sleep 100\n', 0o644);
  script(join(cwd, 'well'), '#!/bin/sh\nexit 255\n');
  script(join(cwd, 'unnamed'), '#!');
  writeFileSync(join(cwd, 'data'), '');
  return cwd;
}

const table: readonly (readonly [words: readonly string[], explanation: string])[] = [
  [
    ['./crlf'],
    String.raw`the first line of "./crlf" names the interpreter "/usr/bin/perl\r", which is not there; its lines end as on Windows, take each "\r" away, as dos2unix does`,
  ],
  [
    ['./perl7'],
    'the first line of "./perl7" names the interpreter "/usr/bin/perl7", which is not there; install it, or name another one',
  ],
  [
    ['./odd'],
    'the first line of "./odd" names the interpreter "./data", which this user may not execute; name a program',
  ],
  [
    ['./well --verbose'],
    '"./well --verbose" is one word with a blank in it; give its words apart, as in start_server [options] -- ./well --verbose',
  ],
  [[''], '"" is empty, as a variable that is not set is; give a program behind --'],
  [['./unnamed'], 'the first line of "./unnamed" names no interpreter behind #!; write it there, as in #!/bin/sh'],
  [['./none'], 'there is no "./none"; put it there, or give its path'],
  [['none', 'x'], '"none" is in no directory of PATH, "/bin:/nowhere"; give its path'],
  [['./plain'], 'this user may not execute "./plain"; chmod +x it, or look at how its disk is mounted'],
  [['./directory'], '"./directory" is a directory; give a program in it'],
];
t.jobs = 4;
for (const [words, explanation] of table) {
  t.test(JSON.stringify(words), { buffered: true }, async (t) => {
    const cwd = programs(t);
    const env = { ...plainEnvironment(), SUPERDAEMON_NODE: process.execPath, PATH: '/bin:/nowhere' };
    const run = new Run(t, ['--interval=1', '--', ...words], { cwd, env });
    await run.sees(/^new worker \d+ seems to have failed to start, exit status:65280$/, 2);
    const found = run.lines.flatMap((line) => explained.exec(line)?.[1] ?? []);
    t.same(found, [explanation], 'once');
    t.match(run.stderr, `failed to exec ${words[0] ?? ''}:`, "behind the original's words");
    await run.stop();
  });
}

t.test('a loader that is missing, as that of another C library', { buffered: true }, async (t) => {
  const cwd = programs(t);
  const cc = readFileSync('/bin/ls', 'latin1');
  const loader = /\0(\/lib[\w/.-]*ld-linux[\w.-]*)\0/.exec(cc)?.[1];
  if (loader === undefined) {
    t.pass('another C library here');
    return;
  }
  const foreign = loader.replace('linux', 'lunix');
  writeFileSync(join(cwd, 'foreign'), cc.replace(loader, foreign), { encoding: 'latin1', mode: 0o755 });
  const run = new Run(t, ['--interval=1', '--', './foreign'], { cwd });
  const [line] = await run.sees(explained);
  t.equal(
    line,
    `the program cannot be executed: "./foreign" needs the loader "${foreign}", which is not there; build it for this system, or install that library`,
  );
  await run.stop();
});

t.test('in --dir, and once more when something else is wrong', { buffered: true }, async (t) => {
  const cwd = programs(t);
  const run = new Run(t, ['--interval=1', '--dir=directory', '--', './app'], { cwd });
  await run.sees(/: there is no ".\/app" in --dir "directory"; put it there/);
  script(join(cwd, 'directory/app'), '#!/bin/sh\nexec sleep 100\n', 0o644);
  await run.sees(/: this user may not execute ".\/app"; chmod/);
  script(join(cwd, 'directory/app'), '#!/bin/sh\nexec sleep 100\n');
  await eventually('it serves', () => /starting new worker (\d+)\n$/.test(run.stderr));
  await run.stop();
});

t.test('a program that ends with 255 itself is not explained', { buffered: true }, async (t) => {
  const run = new Run(t, ['--interval=1', '--', './well'], { cwd: programs(t) });
  await run.sees(/^new worker \d+ seems to have failed to start, exit status:65280$/);
  await run.sees(/^starting new worker/, 2);
  t.notMatch(run.stderr, explained);
  await run.stop();
});

t.test('--restart shows it', { buffered: true }, async (t) => {
  const cwd = programs(t);
  const app = script(join(cwd, 'app'), '#!/bin/sh\nexec sleep 100\n');
  const options = ['--control=c', '--log-file=log', '--status-file=st', '--interval=1', '--max-failures=1'];
  const run = new LoggedRun(t, [...options, '--', './app'], { cwd });
  await eventually('the first worker', () => run.has('st'), { seen: () => run.read() });
  rmSync(app);
  const restart = commanding(t, ['--restart'], cwd);
  t.match(await restart.ended(), { code: 75 });
  t.same(restart.lines.slice(1), [
    '  | failed to exec ./app:No such file or directory',
    '  | the program cannot be executed: there is no "./app"; put it there, or give its path',
  ]);
  await run.stop();
});
