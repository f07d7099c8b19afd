/** `npm install --global` of the packed tarball where there is nothing but node, npm, sh and the usual small tools. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { Run, type RunOptions } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';
import { onlyThorough } from '../helpers/thorough.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const tools = ['sh', 'env', 'npm', 'basename', 'cat', 'dirname', 'grep', 'ls', 'mkdir', 'readlink', 'rm', 'sed'];
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const place = workspace(t);
// Others than its owner go through it, too.
chmodSync(place, 0o755);
const bin = join(place, 'tools');
const prefix = join(place, 'prefix');
const command = join(prefix, 'bin', 'start_server');
const installed = join(prefix, 'lib', 'node_modules', 'superdaemon');

/** Where to find a command; undefined where it is not installed. */
function found(name: string): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  return directories.map((directory) => join(directory, name)).find((file) => existsSync(file));
}

function link(name: string, file: string | undefined): void {
  if (file !== undefined) symlinkSync(realpathSync(file), join(bin, name));
}

/** What says which registry to ask, but not the prefix and the other settings of the npm that runs this test. */
function npmSettings(): NodeJS.ProcessEnv {
  const kept = /^(HOME|npm_config_(registry|cache|cafile|userconfig|globalconfig))$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.test(name)));
}

function npm(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const all = [...words, '--prefer-offline', '--no-audit', '--no-fund'];
  return spawnSync(join(bin, 'npm'), all, {
    cwd: place,
    encoding: 'utf8',
    env: { PATH: bin, ...npmSettings(), ...env },
  });
}

/** Why the package cannot be installed here; false once it is. */
function installation(): string | false {
  mkdirSync(bin);
  mkdirSync(prefix);
  for (const name of [...tools, 'setpriv', 'sleep', 'uname']) link(name, found(name));
  link('node', process.execPath);
  const packed = spawnSync('npm', ['pack', '--pack-destination', place], { cwd: root, encoding: 'utf8' });
  const tarball = readdirSync(place).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`npm pack has failed: ${packed.stderr}`);
  const { status, stderr } = npm(['install', '--global', `--prefix=${prefix}`, join(place, tarball)]);
  if (status === 0) return false;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ENOTCACHED/.test(stderr))
    return 'no registry can be reached, and what the package depends on is not in the cache of npm';
  throw new Error(`npm install has failed: ${stderr}`);
}

const skip = installation();

function start(t: Test, args: readonly string[], how: { file?: string; under?: readonly string[] } = {}): Run {
  const { file = command, under = [] } = how;
  const options: RunOptions = { starter: { name: 'installed', command: file }, cwd: place, env: { PATH: bin }, under };
  return new Run(t, args, options);
}

async function swaps(t: Test, how: { file?: string; under?: readonly string[] } = {}): Promise<void> {
  const asked = start(t, ['--version'], how);
  t.same(await asked.ended(), { code: 0, signal: null }, asked.stderr);
  t.equal(asked.stdout, `${version}\n`);
  const run = start(t, ['--port=127.0.0.1:0', '--interval=0', '--', 'sleep', '60'], how);
  await run.sees(/^starting new worker/);
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died/);
  t.same(await run.stop(), { code: 0, signal: null });
  t.equal(run.workers.length, 2);
}

t.test('no addon was compiled, but the command for this node', { skip }, (t) => {
  t.ok(existsSync(join(installed, 'prebuilds')));
  t.notOk(existsSync(join(installed, 'build')));
  t.ok(existsSync(join(installed, 'dist', 'command.compiled')));
  t.end();
});

t.test('the command swaps workers', { skip }, async (t) => {
  await swaps(t);
});

t.test('and through a symbolic link of somebody else', { skip }, async (t) => {
  const file = join(place, 'start');
  symlinkSync(command, file);
  await swaps(t, { file });
});

const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** Why there is no other user to run it as, or none is needed. */
function withoutNobody(): string | false {
  if (skip !== false) return skip;
  if (process.getuid?.() !== 0) return 'this user is an ordinary one';
  const { status } = spawnSync(join(bin, 'setpriv'), [...nobody.slice(1), join(bin, 'node'), '--version']);
  return status === 0 ? false : 'no setpriv, or node is out of reach for other users';
}

t.test('and for an ordinary user', { skip: withoutNobody() }, async (t) => {
  await swaps(t, { under: [join(bin, 'setpriv'), ...nobody.slice(1)] });
});

t.test('its manual is where man looks, its completions are in the package', { skip }, (t) => {
  const page = join(prefix, 'share/man/man1/start_server.1');
  t.match(readFileSync(page, 'utf8'), '.Nm start_server');
  if (found('man') !== undefined) {
    const { stdout } = spawnSync('man', ['-M', join(prefix, 'share/man'), '-w', 'start_server'], { encoding: 'utf8' });
    t.equal(realpathSync(stdout.trim()), realpathSync(page));
  }
  for (const name of ['start_server.bash', '_start_server', 'start_server.fish'])
    t.ok(existsSync(join(installed, 'completions', name)), name);
  t.end();
});

t.test('without a prebuilt binary', { skip }, async (t) => {
  rmSync(join(installed, 'prebuilds'), { recursive: true });
  const rebuild = ['rebuild', '--global', `--prefix=${prefix}`, 'superdaemon'];

  await t.test('npm and the command say what to install', async (t) => {
    const { status, stderr } = npm(rebuild);
    t.not(status, 0);
    t.match(stderr, /superdaemon: no prebuilt binary fits this machine.*install a C\+\+ compiler, make and python3/);
    const run = start(t, ['--version']);
    t.same(await run.ended(), { code: 1, signal: null });
    t.equal(run.stdout, '');
    t.match(run.stderr, /^start_server: the native part .* install a C\+\+ compiler, make and python3, then run .*\n$/);
    t.equal(run.lines.length, 1);
  });

  const compilers = ['make', 'g++', 'cc', 'python3'].filter((name) => found(name) === undefined);
  const headers = join(dirname(dirname(realpathSync(process.execPath))), 'include', 'node', 'node_api.h');
  const lacking = [...compilers, ...(existsSync(headers) ? [] : ['headers of node'])];
  const reason = lacking.length > 0 ? `not installed: ${lacking.join(', ')}` : onlyThorough;
  await t.test('it is compiled where that can be done', { skip: reason }, async (t) => {
    const PATH = `${bin}${delimiter}${process.env['PATH'] ?? ''}`;
    const { status, stderr } = npm(rebuild, { PATH, npm_config_nodedir: dirname(dirname(dirname(headers))) });
    t.equal(status, 0, stderr);
    t.ok(existsSync(join(installed, 'build', 'Release', 'superdaemon.node')));
    await swaps(t);
  });
});
