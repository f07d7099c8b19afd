/** However the command is called, it finds its own files and a node to run them. */
import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import t, { type Test } from 'tap';
import { DaemonRun } from '../helpers/running/daemon-run.js';
import { eventually } from '../helpers/eventually.js';
import { failing } from '../helpers/running/first-worker.js';
import { copyPackage } from '../helpers/packaging/package-copy.js';
import { processesIn } from '../helpers/processes/processes.js';
import { room } from '../helpers/place/room.js';
import { underEveryShell } from '../helpers/running/shells.js';
import { ours, plainEnvironment, type RunOptions } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';
import { procFile } from '../helpers/processes/proc-file.js';

const root = dirname(dirname(ours.command));
const isRoot = process.getuid?.() === 0;
const asNobody = isRoot ? ['setpriv', '--reuid=65534', '--clear-groups', '--inh-caps=-all'] : [];

/** The command at this path finds the bundle, the addon and package.json. */
async function works(t: Test, command: string, how: RunOptions = {}): Promise<void> {
  const ended = await failing(t, ['--version'], { ...how, starter: { name: command, command } });
  t.match(
    ended,
    { code: 0, stderr: '', stdout: /^\d+\.\d+\.\d+.*\n$/ },
    `as ${[...(how.under ?? []), command].join(' ')}`,
  );
}

/** What an installed package holds, in a directory made for it. */
function install(directory: string): string {
  copyPackage(directory);
  return join(directory, 'bin/start_server');
}

function link(path: string, target: string): string {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
  return path;
}

t.test('through links', async (t) => {
  const cwd = workspace(t);
  const table = [
    link(join(cwd, 'absolute'), ours.command),
    link(join(cwd, 'relative'), relative(realpathSync(cwd), ours.command)),
    link(join(cwd, 'another name'), 'relative'),
    link(join(cwd, 'a/b/chain'), '../../another name'),
    link(join(cwd, '-'), 'a/b/chain'),
  ];
  for (const path of table) await works(t, path);
  await works(t, './absolute', { cwd });
  await works(t, 'a/b/../b/chain', { cwd });
});

t.test('through a link to a directory', async (t) => {
  const cwd = workspace(t);
  await works(t, link(join(cwd, 'a/b'), dirname(ours.command)) + '/start_server');
  install(join(cwd, 'prefix/lib/node_modules/superdaemon'));
  link(join(cwd, 'prefix/bin/start_server'), '../lib/node_modules/superdaemon/bin/start_server');
  await works(t, link(join(cwd, 'bin'), 'prefix/bin') + '/start_server');
});

t.test('by a relative path', async (t) => {
  await works(t, './bin/start_server', { cwd: root });
  await works(t, 'bin/start_server', { cwd: root });
  await works(t, './start_server', { cwd: dirname(ours.command) });
  await works(t, '../bin/start_server', { cwd: dirname(ours.command) });
});

t.test('found along PATH', async (t) => {
  const { PATH = '' } = plainEnvironment();
  await works(t, 'start_server', { env: { PATH: `${dirname(ours.command)}:${PATH}` } });
  const cwd = dirname(ours.command);
  for (const here of ['.', '../bin']) {
    await works(t, 'start_server', { cwd, env: { PATH: `${here}:${PATH}` }, under: ['env'] });
  }
});

t.test('found by an empty element of PATH', async (t) => {
  const env = { PATH: `:${process.env['PATH'] ?? ''}` };
  await works(t, 'start_server', { cwd: dirname(ours.command), env, under: ['env'] });
});

t.test('in places with names that a shell would take apart', async (t) => {
  for (const name of ['with blanks', "quote's", 'do$HOME', 'star*', 'new\nline', '-e', 'b\\n', '"', 'ü', 'a;b&c|d']) {
    const directory = workspace(t);
    const command = install(join(directory, name, 'package'));
    await works(t, command);
    await works(t, link(join(directory, name, 'link'), `package/bin/${basename(command)}`));
    await works(t, link(join(directory, 'link'), command));
  }
});

underEveryShell(t, async (t, shell) => {
  await works(t, ours.command, { under: shell });
  await works(t, 'bin/start_server', { under: shell, cwd: root });
  t.test('by its name alone', async (t) => {
    const cwd = dirname(ours.command);
    await works(t, shell.length === 0 ? './start_server' : 'start_server', { under: shell, cwd });
  });
  const directory = join(workspace(t), 'two words');
  const command = install(join(directory, 'lib/node_modules/superdaemon'));
  await works(t, command, { under: shell });
  await works(t, link(join(directory, 'bin/start_server'), `../${relative(directory, command)}`), { under: shell });
  await works(t, link(join(directory, 'other'), 'bin/start_server'), { under: shell });
});

t.test("in npm's layouts, even when PATH has neither node nor readlink", async (t) => {
  const directory = workspace(t);
  const env = { PATH: workspace(t) };
  const global = install(join(directory, 'prefix/lib/node_modules/superdaemon'));
  const command = link(join(directory, 'prefix/bin/start_server'), '../lib/node_modules/superdaemon/bin/start_server');
  await works(t, global);
  await works(t, command);
  link(join(directory, 'prefix/bin/node'), process.execPath);
  await works(t, command, { env });
  await works(t, './start_server', { env, cwd: dirname(command) });

  install(join(directory, 'app/node_modules/superdaemon'));
  const local = link(join(directory, 'app/node_modules/.bin/start_server'), '../superdaemon/bin/start_server');
  await works(t, local);
  await works(t, 'node_modules/.bin/start_server', { cwd: join(directory, 'app') });
});

t.test('the node beside the link goes before that of PATH', async (t) => {
  const directory = workspace(t);
  const wrong = link(join(directory, 'wrong/node'), '/bin/false');
  const command = link(join(directory, 'bin/start_server'), ours.command);
  const env = { PATH: `${dirname(wrong)}:${process.env['PATH'] ?? ''}` };
  t.equal((await failing(t, ['--version'], { env, starter: { name: 'link', command } })).code, 1, 'that of PATH');
  link(join(directory, 'bin/node'), process.execPath);
  await works(t, command, { env });
});

t.test('a file called node that cannot be run is no node', async (t) => {
  const directory = workspace(t);
  const command = link(join(directory, 'bin/start_server'), ours.command);
  writeFileSync(join(directory, 'bin/node'), '');
  await works(t, command);
});

t.test('without any node it says so, in one line', async (t) => {
  const PATH = workspace(t);
  for (const command of [ours.command, './bin/start_server']) {
    const ended = await failing(t, ['--version'], { cwd: root, env: { PATH }, starter: { name: command, command } });
    t.equal(ended.code, 127);
    t.equal(ended.stdout, '');
    t.match(ended.stderr, /^start_server: no node in PATH \(".*"\); install Node\.js 20 or newer, or .*\n$/);
  }
});

t.test('SUPERDAEMON_NODE goes before all others, and one that is no program is an error', async (t) => {
  const directory = workspace(t);
  const env = { PATH: process.env['PATH'] ?? '' };
  await works(t, ours.command, {
    env: { ...env, SUPERDAEMON_NODE: link(join(directory, 'ü', 'node'), process.execPath) },
  });
  await works(t, ours.command, { env: { ...env, SUPERDAEMON_NODE: 'node' } });
  for (const SUPERDAEMON_NODE of ['/no/such/node', directory, '']) {
    const ended = await failing(t, ['--version'], { env: { ...env, SUPERDAEMON_NODE } });
    t.equal(ended.code, 127);
    t.equal(
      ended.stderr,
      `start_server: SUPERDAEMON_NODE is "${SUPERDAEMON_NODE}", which is no program; give the path of node, or unset it\n`,
    );
  }
});

t.test('a node that is too old is one line', async (t) => {
  const directory = workspace(t);
  const old = join(directory, 'node');
  const pretend = join(directory, 'pretend.cjs');
  writeFileSync(
    pretend,
    `Object.defineProperty(process, 'version', { value: 'v12.22.9' });
     Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '12.22.9' } });`,
  );
  writeFileSync(old, `#!/bin/sh\nexec '${process.execPath}' --require '${pretend}' "$@"\n`, { mode: 0o755 });
  const ended = await failing(t, ['--version'], { env: { ...plainEnvironment(), SUPERDAEMON_NODE: old } });
  t.match(ended, { code: 127, stdout: '', stderr: /^start_server: ".*" is node v12\.22\.9, which is too old; .*\n$/ });
});

t.test('a file of the package that cannot be read is one line, or can be done without', async (t) => {
  const cwd = room(t);
  chmodSync(cwd, 0o755);
  const command = install(join(cwd, 'package'));
  const how = { cwd, under: asNobody, starter: { name: 'copy', command } };
  for (const file of ['dist/start_server.cjs', 'dist/command.js', 'build/Release/preload.so']) {
    const path = join(cwd, 'package', file);
    chmodSync(path, 0);
    const ended = await failing(t, ['--version'], how);
    if (file.endsWith('preload.so')) t.match(ended, { code: 0, stderr: '' }, file);
    else t.match(ended, { code: 1, stdout: '', stderr: `start_server: "${path}" cannot be read; install ` }, file);
    t.equal(ended.stderr.split('\n').length, file.endsWith('preload.so') ? 1 : 2);
    chmodSync(path, 0o755);
  }
});

t.test('a daemon runs in places with names of any bytes', async (t) => {
  const directory = join(room(t), 'ü€');
  const node = link(join(directory, 'ñ', 'node'), process.execPath);
  const command = install(join(directory, 'package'));
  const env = { ...plainEnvironment(), SUPERDAEMON_NODE: node };
  const run = new DaemonRun(t, ['--log-file=log', '--', 'sleep', '100'], {
    starter: { name: 'copy', command },
    env,
    cwd: directory,
  });
  const daemon = await run.stands();
  t.match(Buffer.from(procFile(daemon, 'cmdline'), 'latin1').toString(), `${node}\0${command}\0--daemonize\0`);
});

t.test('nothing is left running, however it ends', async (t) => {
  for (const options of [
    ['--version'],
    ['--help'],
    ['--no-such-option'],
    ['--port=abc', '--', 'true'],
    ['--port=1:1', '--', 'true'],
    [],
  ]) {
    const cwd = workspace(t);
    await failing(t, options, { cwd });
    const left = () => processesIn(realpathSync(cwd));
    await eventually('the end of all', () => left().length === 0, { seen: () => left().join() });
    t.pass(options.join(' '));
  }
});
