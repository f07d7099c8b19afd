/** The shell that starts node may drop variables and sets its own; workers get the environment as it was. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { firstWorker, variable } from '../helpers/running/first-worker.js';
import { plainEnvironment, Run } from '../helpers/running/starter.js';
import { underEveryShell, type Shell } from '../helpers/running/shells.js';
import { workspace } from '../helpers/place/workspace.js';
import { procFile } from '../helpers/processes/proc-file.js';

const PATH = process.env['PATH'] ?? '';

/** Nothing but these entries; tap adds its own to what a test gives to a child. */
const only = (entries: readonly string[], shell: Shell) => ['env', '-i', ...entries, ...shell];

const entries = [
  `PATH=${PATH}`,
  // Names that dash drops, and a function of bash.
  ...['A.B=1', 'a-b=2', '1=3', 'x y=4', '%=5', 'EMPTY=', 'BASH_FUNC_f%%=() { :; }'],
  // What shells set by themselves, or would be led astray by.
  ...['PWD=/elsewhere', 'OLDPWD=/before', 'SHLVL=5', '_=/bin/x', 'IFS=ab', 'OPTIND=7', 'PPID=1', 'PS4=$x', 'CDPATH=/'],
  // Names in use inside the launcher.
  ...['digit=d', 'facts=f', 'link=l', 'self=s', 'called=c', 'node=n', 'name=N', 'field=F', 'value=v', 'reading=r'],
  ...['QUOTES=\'"`$(exit 9)\\', 'NEWLINE=a\nb\n\n', 'SUPERDAEMON=1', '\u00e9=\u20ac'],
  ...['SERVER_STARTER_STATE=x', 'LD_LIBRARY_PATH=/none', 'LC_ALL=C'],
];

underEveryShell(t, (t, shell) => {
  t.test('the environment, entry by entry', async (t) => {
    const { dump, run } = await firstWorker(t, [], { under: only(entries, shell) });
    const own = ['SERVER_STARTER_PORT=', 'SERVER_STARTER_GENERATION=1'];
    const expected = [...entries, ...own].map((entry) => Buffer.from(entry).toString('latin1'));
    t.same([...dump.environ].sort(), expected.sort());
    await run.stop();
  });

  t.test('an environment that is nearly empty', async (t) => {
    const { dump, run } = await firstWorker(t, [], { under: only([`PATH=${PATH}`], shell) });
    t.same([...dump.environ].sort(), [`PATH=${PATH}`, 'SERVER_STARTER_GENERATION=1', 'SERVER_STARTER_PORT=']);
    await run.stop();
  });

  t.test('bytes that are not UTF-8', async (t) => {
    const under = ['sh', '-c', 'BYTES=$(printf "\\377\\303(") exec env "A.B=$(printf "\\376")" "$@"', 'sh', ...shell];
    const { dump, run } = await firstWorker(t, [], { under });
    t.equal(variable(dump, 'BYTES'), '\xff\xc3(');
    t.equal(variable(dump, 'A.B'), '\xfe');
    await run.stop();
  });

  t.test('variables for Node reach a Node worker, and not the superdaemon', async (t) => {
    await variablesForNode(t, shell);
  });

  t.test('those of an outer start_server are replaced', async (t) => {
    const outer = [`PATH=${PATH}`, 'SERVER_STARTER_PORT=80=9', 'SERVER_STARTER_GENERATION=50'];
    const { dump, run } = await firstWorker(t, ['--port=127.0.0.1:0'], { under: only(outer, shell) });
    t.same(dump.environ.filter((entry) => entry.startsWith('SERVER_STARTER_')).sort(), [
      'SERVER_STARTER_GENERATION=1',
      'SERVER_STARTER_PORT=127.0.0.1:0=3',
    ]);
    await run.stop();
  });

  t.test('POSIXLY_CORRECT is seen by the superdaemon', async (t) => {
    const env = { ...plainEnvironment(), POSIXLY_CORRECT: '1' };
    const run = new Run(t, ['cat', '--no-such-option'], { env, under: shell });
    await run.sees(/^starting new worker/);
    await run.stop();
  });
});

const isForNode = /^(?:NODE|OPENSSL|UV)_/;

async function variablesForNode(t: Test, shell: Shell): Promise<void> {
  const cache = join(workspace(t), 'cache');
  const meant = [
    // The superdaemon would fail on the first of them, or talk.
    'NODE_OPTIONS=--require /no/such "file\'',
    'NODE_EXTRA_CA_CERTS=/no/such\nfile',
    'NODE_CHANNEL_FD=3',
    'NODE_CHANNEL_SERIALIZATION_MODE=advanced',
    'NODE_V8_COVERAGE=/no/such',
    'NODE_DEBUG=fs,module',
    'NODE_DEBUG_NATIVE=env',
    // It would make a directory.
    `NODE_COMPILE_CACHE=${cache}`,
    ...['NODE_ICU_DATA=/no/such', 'NODE_PENDING_DEPRECATION=1', 'NODE_REDIRECT_WARNINGS=/no/such'],
    ...['NODE_USE_ENV_PROXY=1', 'NODE_USE_SYSTEM_CA=1', 'NODE_PATH=/no/such'],
    // It would start no more, have more threads, or other ways to the system.
    ...['OPENSSL_CONF=/etc/passwd', 'UV_THREADPOOL_SIZE=99', 'UV_USE_IO_URING=1'],
  ];
  const { dump, run } = await firstWorker(t, [], { under: only([`PATH=${PATH}`, ...meant], shell) });
  t.same(dump.environ.filter((entry) => isForNode.test(entry)).sort(), [...meant].sort());
  const own = procFile(run.pid, 'environ').split('\0');
  t.same(
    own.filter((entry) => isForNode.test(entry)),
    ['NODE_PATH=/no/such'],
  );
  t.notOk(existsSync(cache));
  await run.sees(/^starting new worker/);
  t.equal(run.lines.length, 2, 'and nobody says a word');
  t.same(await run.stop(), { code: 0, signal: null });
}
