/** What the installation compiles of the command is used where it fits, and never matters where it does not. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import t, { type Test } from 'tap';
import { copyPackage } from '../helpers/packaging/package-copy.js';
import { ours, plainEnvironment } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

const root = dirname(dirname(ours.command));
const markLength = 16;

/** An installed package before anything is compiled; gives its dist. */
function installed(t: Test, name = 'package'): string {
  const place = join(workspace(t), name);
  copyPackage(place);
  return join(place, 'dist');
}

function compile(dist: string, temporary: string, umask = '022') {
  const words = ['-c', `umask ${umask}; exec "$0" "$1"`, process.execPath, join(dist, 'compile.cjs')];
  return spawnSync('/bin/sh', words, { env: { ...plainEnvironment(), TMPDIR: temporary }, encoding: 'latin1' });
}

/** What the command of this dist prints as its version. */
function version(dist: string) {
  const { status, stdout, stderr } = spawnSync(join(dist, '../bin/start_server'), ['--version'], {
    env: plainEnvironment(),
    encoding: 'latin1',
  });
  return { status, stdout, stderr };
}

function isAccepted(dist: string): boolean {
  const cachedData = readFileSync(join(dist, 'command.compiled')).subarray(markLength);
  const source = readFileSync(join(dist, 'command.js'), 'latin1');
  return new Script(source, { filename: join(dist, 'command.js'), cachedData }).cachedDataRejected === false;
}

/** The source with another version in it, of the same length, and with a mark of its own. */
function changeVersion(dist: string): string {
  const source = readFileSync(join(dist, 'command.js'), 'latin1');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const other = version.replace(/\d/g, '9');
  writeFileSync(
    join(dist, 'command.js'),
    `${source.replace(version, other).slice(0, -markLength)}${'0'.repeat(markLength)}`,
  );
  return other;
}

t.test('it is what V8 accepts, for everybody who may read the command, and nothing else is left', (t) => {
  const [dist, temporary] = [installed(t), workspace(t)];
  const { status, stdout, stderr } = compile(dist, temporary, '077');
  t.equal(status, 0, stderr);
  t.match(`${stdout}${stderr}`, /^upgrade refused: execve\(2\) failed/m, 'an upgrade was tried to its end');
  t.match(stdout, /"superdaemon":"[\d.]+"/, 'the check of an image agreed');
  t.match(`${stdout}${stderr}`, /^stop_server \(pid:\d+\) stopping now/m, 'and a superdaemon was ended');
  t.notMatch(stderr, /Error/);
  t.ok(isAccepted(dist));
  t.equal(statSync(join(dist, 'command.compiled')).mode, statSync(join(dist, 'command.js')).mode);
  t.same(readdirSync(dist).sort(), ['command.compiled', 'command.js', 'compile.cjs', 'start_server.cjs']);
  t.same(readdirSync(temporary), []);
  t.match(version(dist), { status: 0, stderr: '' });
  t.end();
});

t.test('where LD_PRELOAD cannot name the library, no upgrade is tried', (t) => {
  const dist = installed(t, 'a package');
  const { status, stdout, stderr } = compile(dist, workspace(t));
  t.equal(status, 0, stderr);
  t.notMatch(`${stdout}${stderr}`, /upgrade refused/);
  t.ok(isAccepted(dist));
  t.end();
});

t.test('what was compiled is what runs', (t) => {
  const dist = installed(t);
  const source = readFileSync(join(dist, 'command.js'), 'latin1');
  const other = changeVersion(dist);
  t.equal(compile(dist, workspace(t)).status, 0);
  // The same mark, and the same length: V8 has no reason to look at the source.
  const compiled = readFileSync(join(dist, 'command.compiled'));
  compiled.write(source.slice(-markLength), 'latin1');
  writeFileSync(join(dist, 'command.compiled'), compiled);
  writeFileSync(join(dist, 'command.js'), source);
  t.equal(version(dist).stdout, `${other}\n`);
  t.end();
});

t.test('what does not fit is disregarded', (t) => {
  const dist = installed(t);
  const before = version(dist);
  t.match(before, { status: 0, stderr: '' });
  t.equal(compile(dist, workspace(t)).status, 0);
  const compiled = readFileSync(join(dist, 'command.compiled'));
  const table: [string, Buffer][] = [
    ['nothing', Buffer.alloc(0)],
    ['a mark alone', compiled.subarray(0, markLength)],
    ['a part', compiled.subarray(0, compiled.length / 2)],
    ['of another V8', Buffer.concat([compiled.subarray(0, markLength), Buffer.alloc(8), compiled.subarray(24)])],
  ];
  for (const [what, content] of table) {
    writeFileSync(join(dist, 'command.compiled'), content);
    t.same(version(dist), before, what);
  }
  writeFileSync(join(dist, 'command.compiled'), compiled);
  t.equal(version(dist).stdout, before.stdout);
  t.equal(changeVersion(dist), version(dist).stdout.trim(), 'of another source of the same length');
  t.end();
});

t.test('a rehearsal that fails keeps nothing', (t) => {
  const [dist, temporary] = [installed(t), workspace(t)];
  const { status, stderr } = compile(dist, join(temporary, 'not there'));
  t.not(status, 0);
  t.match(stderr, /ENOENT/);
  t.notOk(readdirSync(dist).includes('command.compiled'));
  t.end();
});
