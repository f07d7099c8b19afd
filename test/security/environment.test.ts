/** Nothing of the environment is run by a shell, ours or another, and no variable changes what is started. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import t, { type Test } from 'tap';
import { firstWorker, variable } from '../helpers/running/first-worker.js';
import { script } from '../helpers/processes/native.js';
import { ours, plainEnvironment } from '../helpers/running/starter.js';
import { withoutStrace } from '../helpers/processes/strace.js';
import { workspace } from '../helpers/place/workspace.js';

const root = dirname(dirname(ours.command));

/** Variables that some shell has run, or looks into, at some time. All would make the file `pwned`. */
function hostile(cwd: string): NodeJS.ProcessEnv {
  writeFileSync(join(cwd, 'evil.sh'), `touch ${cwd}/pwned\n`);
  const code = `touch ${cwd}/pwned`;
  return {
    ...plainEnvironment(),
    ENV: `${cwd}/evil.sh`,
    BASH_ENV: `${cwd}/evil.sh`,
    IFS: '/=',
    PS4: `$(${code})`,
    PROMPT_COMMAND: code,
    SHELLOPTS: 'xtrace',
    SHOCK: `() { :;}; ${code}`,
    'BASH_FUNC_x%%': `() { ${code}; }`,
    VALUE: `$(${code})\`${code}\`;${code}|${code}\n${code}`,
    NODE_EXTRA_CA_CERTS: `${cwd}/evil.sh`,
    [`$(${code})`]: '1',
  };
}

const shells = ['/bin/dash', '/bin/bash', '/bin/busybox'].filter(existsSync);

/** A directory that has one of the shells under the name sh. */
function asSh(t: Test, shell: string): string {
  const directory = workspace(t);
  symlinkSync(shell, join(directory, 'sh'));
  return join(directory, 'sh');
}

t.test('under each shell that may be /bin/sh, the values reach the worker and nothing else', async (t) => {
  for (const shell of shells) {
    const cwd = workspace(t);
    const env = hostile(cwd);
    const { run, dump } = await firstWorker(t, [], { cwd, env, under: [asSh(t, shell)] });
    await run.stop();
    t.notOk(existsSync(join(cwd, 'pwned')), shell);
    for (const name of ['VALUE', 'SHOCK', 'NODE_EXTRA_CA_CERTS', 'PS4']) t.equal(variable(dump, name), env[name], name);
  }
});

t.test(
  'a plain command line starts the launcher, its holder, node and the worker, and no shell more',
  { skip: withoutStrace },
  (t) => {
    const cwd = workspace(t);
    const worker = script(join(cwd, 'worker'), `#!${process.execPath}\nprocess.kill(process.ppid);\n`);
    const trace = join(cwd, 'trace');
    const odd = ['$(touch pwned)', '`touch pwned`;touch pwned'];
    const words = ['--interval=0', '--log-file=$(touch pwned)', '--', worker, ...odd];
    const strace = ['-f', '-qq', '-s', '500', '-e', 'trace=execve', '-e', 'signal=none', '-o', trace];
    const { status } = spawnSync('strace', [...strace, ours.command, ...words], { cwd, env: hostile(cwd) });
    t.equal(status, 0);
    const executed = Array.from(
      readFileSync(trace, 'latin1').matchAll(/execve\("([^"]*)", .*\) = 0$/gm),
      ([, file]) => file,
    );
    const names = executed.map((file = '') => file.replace(/^.*\//, ''));
    t.same(
      [...new Set(names)].sort(),
      ['grep', 'node', 'readlink', 'start_server', 'worker'].filter((name) => names.includes(name)),
    );
    t.notOk(existsSync(join(cwd, 'pwned')));
    t.end();
  },
);

t.test('CDPATH does not lead the launcher astray, however it is called', (t) => {
  const cwd = workspace(t);
  mkdirSync(join(cwd, 'bin'));
  mkdirSync(join(cwd, 'dist'));
  writeFileSync(join(cwd, 'dist', 'start_server.cjs'), 'process.stdout.write("pwned")');
  for (const [from, command] of [
    [root, 'bin/start_server'],
    [join(root, 'bin'), './start_server'],
    [cwd, relative(cwd, ours.command)],
    [cwd, ours.command],
  ] as const) {
    const { stdout } = spawnSync(command, ['--version'], {
      cwd: from,
      env: { ...plainEnvironment(), CDPATH: cwd },
      encoding: 'latin1',
    });
    t.match(stdout, /^\d+\.\d+\.\d+\n$/, command);
  }
  t.end();
});

t.test('variables of the launcher that the caller has planted', async (t) => {
  const cwd = workspace(t);
  const planted = {
    ...plainEnvironment(),
    SUPERDAEMON_LAUNCHER: 'holder=1 pipe=0 inherited=77 limit=1 ignored=ffffffffffffffff',
    SUPERDAEMON_KEPT_NODE_EXTRA_CA_CERTS: '/nonexistent',
  };
  const { run, dump } = await firstWorker(t, [], { cwd, env: planted });
  t.same(await run.stop(), { code: 0, signal: null });
  t.equal(variable(dump, 'SUPERDAEMON_LAUNCHER'), undefined, 'the launcher sets it anew, and no worker sees it');
  t.equal(variable(dump, 'NODE_EXTRA_CA_CERTS'), undefined);
  t.notSame(
    dump.process.ignored,
    Array.from({ length: 64 }, (_, index) => index + 1),
  );

  // Who can set these can set PATH, too: another node is run, or the report of a daemon goes to a descriptor of the caller's.
  const report = join(cwd, 'report');
  const words = ['-c', 'exec 7>report; exec "$@"', 'sh', ours.command, '--interval=0', '--', 'sh', '-c', 'kill $PPID'];
  const env = { ...plainEnvironment(), SUPERDAEMON_DAEMON: '7,1' };
  t.equal(spawnSync('sh', words, { cwd, env }).status, 0);
  t.equal(readFileSync(report, 'latin1'), 'standing');
  for (const value of ['', 'x', '-1,-1', '999,1', '1e9,2', '0,0']) {
    const started = spawnSync(ours.command, ['--interval=0', '--', 'sh', '-c', 'kill $PPID'], {
      env: { ...plainEnvironment(), SUPERDAEMON_DAEMON: value },
      encoding: 'latin1',
    });
    t.equal(started.status, 0, `SUPERDAEMON_DAEMON=${value}`);
    t.notMatch(started.stderr, /internal error/);
  }
  t.same(readdirSync(cwd).sort(), ['report']);
});

t.test('without node in PATH it says so', (t) => {
  const cwd = workspace(t);
  const { status, stderr } = spawnSync('/bin/sh', [ours.command, '--version'], {
    cwd,
    env: { PATH: '/nonexistent:$(touch pwned)' },
    encoding: 'latin1',
  });
  t.equal(status, 127);
  t.match(stderr, /no node in PATH \("\/nonexistent:\$\(touch pwned\)"\)/);
  t.same(readdirSync(cwd), []);
  t.end();
});
