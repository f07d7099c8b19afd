/** A start_server is known by its name, or by what it gives its children; it need not be ours. */
import { spawn } from 'node:child_process';
import t from 'tap';
import { generationIn, isSuperdaemonCommand, nameOf, roleOf } from '../../src/system/processes/process-role.js';
import { eventually } from '../helpers/eventually.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { original, ours, Run } from '../helpers/running/starter.js';

const commands: readonly (readonly [words: readonly string[], isOne: boolean])[] = [
  [['start_server', '--port=80', '--', './app'], true],
  [['/usr/local/bin/start_server', '--', './app'], true],
  [['/usr/bin/perl', '/usr/bin/start_server', '--', './app'], true],
  [['/usr/bin/perl', '-w', '-Mlocal::lib', '/usr/bin/start_server', '--', './app'], true],
  [['node', '/opt/superdaemon/dist/start_server.cjs', '--', './app'], true],
  [['node', '--disable-sigusr1', '/opt/superdaemon/dist/start_server.cjs'], true],
  [['sh', '-c', '"$@"; "$@"', 'sh', '/usr/bin/start_server', '--', './app'], false],
  [['sh', '/etc/init.d/app', 'start_server'], false],
  [['vi', 'start_server.md'], false],
  [['./start_server_worker'], false],
  [['starman', 'master', '/srv/start_server/app.psgi'], false],
  [[''], false],
];
t.test('the name stands where a program or the script of an interpreter stands', (t) => {
  for (const [words, isOne] of commands) {
    t.equal(isSuperdaemonCommand(`${words.join('\0')}\0`), isOne, words.join(' '));
  }
  t.equal(isSuperdaemonCommand(''), false);
  t.end();
});

t.test('the generation, unless a title is written over the environment', (t) => {
  t.equal(generationIn('PATH=/bin\0SERVER_STARTER_GENERATION=12\0HOME=/\0'), '12');
  t.equal(generationIn('SERVER_STARTER_GENERATION=\0'), '');
  t.equal(generationIn('PATH=/bin\0HOME=/\0'), '');
  t.equal(generationIn('PATH=/bin\0MY_SERVER_STARTER_GENERATION=3\0'), '');
  t.equal(generationIn('starman master\0\0\0SERVER_STARTER_GENERATION=12\0'), undefined);
  t.equal(generationIn('   \0\0'), undefined);
  t.equal(generationIn(''), undefined);
  t.end();
});

const skip = process.platform !== 'linux' && 'it is /proc that tells';

t.test('one that runs, of each make', { skip }, async (t) => {
  for (const starter of [ours, original()]) {
    if (starter === undefined) continue;
    const run = new Run(t, ['--interval=0', '--', 'sleep', '99'], { starter });
    await run.sees(/^starting new worker/);
    const [worker = NaN] = run.workers;
    await eventually('its program', () => procFile(worker, 'comm') === 'sleep\n');
    t.equal(roleOf(run.pid, []), 'superdaemon', starter.name);
    t.equal(roleOf(worker, []), 'program');
    t.equal(nameOf(worker), 'sleep');
  }
});

t.test('whatever it is called, it gives its children a generation that it does not have', { skip }, async (t) => {
  const script = 'SERVER_STARTER_GENERATION=$1 sleep 99 & echo $!; wait';
  for (const [own, given, role] of [
    [{}, '1', 'superdaemon'],
    [{ SERVER_STARTER_GENERATION: '4' }, '1', 'superdaemon'],
    [{ SERVER_STARTER_GENERATION: '1' }, '1', 'program'],
  ] as const) {
    const env = { PATH: process.env['PATH'], ...own };
    const child = spawn('sh', ['-c', script, 'sh', given], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('latin1').on('data', (text: string) => (said += text));
    const worker = await eventually('the worker', () => Number(/^\d+\n/.exec(said)?.[0]) || undefined);
    t.teardown(() => process.kill(worker, 'SIGKILL'));
    await eventually('its program', () => procFile(worker, 'comm') === 'sleep\n');
    t.equal(roleOf(child.pid ?? NaN, [worker]), role);
    t.equal(roleOf(child.pid ?? NaN, []), 'program', 'of which nobody knows that it is a child');
  }
});
