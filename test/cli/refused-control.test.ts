/** Whom --restart and --stop do not signal, and what they say then. */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { command, holder, saidBy, serving, victim, type Said } from '../helpers/running/control.js';
import { isAlive } from '../helpers/running/starter.js';
import { StatusRun } from '../helpers/running/status-run.js';
import { workspace } from '../helpers/place/workspace.js';

/** A directory in which the status file would let --restart go on. */
function directory(t: Test): string {
  const cwd = workspace(t);
  writeFileSync(join(cwd, 'st'), '1:1\n');
  return cwd;
}

/** What may stand in a pid file; PID is that of a process that lives and has nothing to do with it. */
const texts = ['PID', '99999', '', '0', '-1', '-PID', '+PID', 'abc', '12 34', 'PIDabc', '1e3'];

for (const name of ['restart', 'stop'] as const) {
  for (const text of texts) {
    t.test(`--${name} believes no file that nobody locks: "${text}"`, async (t) => {
      const cwd = directory(t);
      const pid = victim(t);
      const line = text.replace('PID', String(pid));
      writeFileSync(join(cwd, 'pid'), `${line}\nmore\n`);
      const why = `file:pid says "${line}", but nobody holds its lock`;
      t.same(await saidBy(command(t, name, cwd)), {
        code: 1,
        stderr: `no superdaemon is running: ${why}; start it again, or give the --pid-file of one that runs\n`,
      });
      t.ok(isAlive(pid));
      t.equal(readFileSync(join(cwd, 'pid'), 'latin1'), `${line}\nmore\n`);
    });
  }

  for (const text of texts) {
    t.test(`--${name} signals nobody when a locked file does not name its holder: "${text}"`, async (t) => {
      const cwd = directory(t);
      const pid = victim(t);
      const line = text.replace('PID', String(pid));
      const other = await holder(t, cwd, line);
      t.same(await saidBy(command(t, name, cwd)), {
        code: 1,
        stderr:
          `no superdaemon is running as "${line}", which file:pid says: somebody else holds its lock; ` +
          'try again, one may just be starting, or use --control for one in another pid namespace\n',
      });
      t.same([pid, other].map(isAlive), [true, true]);
    });
  }

  t.test(`--${name} without a pid file`, async (t) => {
    const expected = {
      code: 2,
      stderr: 'failed to open file:pid:No such file or directory; give that of a start_server that runs\n',
    };
    t.same(await saidBy(command(t, name, directory(t))), expected);
  });

  t.test(`--${name} with a directory for a pid file`, async (t) => {
    const cwd = directory(t);
    mkdirSync(join(cwd, 'pid'));
    t.same(await saidBy(command(t, name, cwd)), {
      code: 21,
      stderr: 'failed to open file:pid:Is a directory; give that of a start_server that runs\n',
    });
  });
}

const asNobody = ['setpriv', '--reuid=65534', '--clear-groups', '--inh-caps=-all'];
const isRoot = process.getuid?.() === 0;

t.test("another user's superdaemon", { skip: isRoot ? false : 'not root' }, async (t) => {
  const run = await serving(t);
  chmodSync(run.directory, 0o755);
  const refusals = [
    [
      0o644,
      'restart',
      1,
      'failed to send SIGHUP to the server process:Operation not permitted; be the user that it runs as, or start it if it has ended',
    ],
    [0o644, 'stop', 13, 'failed to open file:pid:Permission denied; be the user that it runs as, or root'],
    [
      0o666,
      'stop',
      1,
      'failed to send SIGTERM to the server process:Operation not permitted; be the user that it runs as, or start it if it has ended',
    ],
    [0o600, 'restart', 13, 'failed to open file:pid:Permission denied; be the user that it runs as, or root'],
  ] as const;
  for (const [mode, name, code, line] of refusals) {
    chmodSync(join(run.directory, 'pid'), mode);
    const said = await saidBy(command(t, name, run.directory, { under: asNobody }));
    t.same([said.code, said.stderr.split('\n').at(-2)], [code, line]);
  }
  t.same(await run.stop(), { code: 0, signal: null });
  t.notMatch(run.stderr, /HUP/);
});

/** What stands at the path of the status file, put there once the superdaemon runs. */
const unreadable: [why: string, put: (path: string) => void, Said][] = [
  [
    'missing',
    () => undefined,
    {
      code: 2,
      stderr: 'failed to open file:st:No such file or directory; give that of a start_server that runs\n',
    },
  ],
  [
    'empty',
    put(''),
    {
      code: 255,
      stderr:
        'no active process found in the status file; wait for its first worker, or give the --status-file that it was given\n',
    },
  ],
  [
    'without a generation',
    put('x:1\n:2\n3\n'),
    {
      code: 255,
      stderr:
        'no active process found in the status file; wait for its first worker, or give the --status-file that it was given\n',
    },
  ],
  [
    'a directory',
    mkdirSync,
    {
      code: 21,
      stderr: 'failed to open file:st:Is a directory; give that of a start_server that runs\n',
    },
  ],
];

function put(text: string): (path: string) => void {
  return (path) => {
    writeFileSync(path, text);
  };
}

for (const [why, replace, expected] of unreadable) {
  t.test(`--restart sends no HUP when the status file is ${why}`, async (t) => {
    const run = await serving(t);
    rmSync(run.path);
    replace(run.path);
    t.same(await saidBy(command(t, 'restart', run.directory)), expected);
    rmSync(run.path, { recursive: true, force: true });
    await run.stop();
    t.notMatch(run.stderr, /HUP/);
  });
}

t.test('--restart in the first interval finds no status file yet', async (t) => {
  const run = new StatusRun(t, ['--pid-file=pid', '--interval=30']);
  await run.sees(/^starting new worker/);
  const expected = {
    code: 2,
    stderr: 'failed to open file:st:No such file or directory; give that of a start_server that runs\n',
  };
  t.same(await saidBy(command(t, 'restart', run.directory)), expected);
  await run.stop();
  t.notMatch(run.stderr, /HUP/);
});
