import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { parseDump, probe } from '../helpers/processes/probe.js';
import { Run } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';
import { procFile } from '../helpers/processes/proc-file.js';

/** A run whose workers dump what they find, each generation to a file of its own. */
class EnvdirRun extends Run {
  constructor(
    t: Test,
    readonly directory: string,
    args: readonly string[] = [],
    program: readonly string[] = [],
  ) {
    const dump = join(directory, 'dump.%g');
    super(t, ['--interval=0', '--envdir=env', ...args, '--', probe(), '-o', dump, ...program], { cwd: directory });
  }

  /** The variables of a generation, `SERVER_STARTER_` and `ENVDIR` among them. */
  async variables(generation: number): Promise<Map<string, string>> {
    const file = join(this.directory, `dump.${String(generation)}`);
    const text = await eventually(`a dump of generation ${String(generation)}`, () => readOrNothing(file), {
      seen: () => this.stderr,
    });
    return new Map(parseDump(text).environ.map((entry) => [entry.replace(/=.*/s, ''), entry.replace(/^[^=]*=/s, '')]));
  }
}

t.test('names and values are read as the original reads them', async (t) => {
  const directory = workspace(t);
  mkdirSync(join(directory, 'env/SUBDIRECTORY'), { recursive: true });
  const files = {
    PLAIN: 'value\nsecond line\n',
    UNENDED: 'no newline',
    CRLF: 'kept\r\n',
    BLANKS: ' \t x \t \n',
    BLANK_LINE: '\n',
    EMPTY: '',
    NUL: 'cut\0off\n',
    '.hidden': 'no\n',
    'a-b.c~': 'any name\n',
    SERVER_STARTER_PORT: '9=9\n',
    SERVER_STARTER_GENERATION: '50\n',
    BYTES: Buffer.from([0xff, 0xc3, 0x0a]),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, 'env', name), content);
  symlinkSync('PLAIN', join(directory, 'env/LINK'));
  symlinkSync('nowhere', join(directory, 'env/DANGLING'));
  const run = new EnvdirRun(t, directory);
  const found = await run.variables(1);
  t.match(Object.fromEntries(found), {
    PLAIN: 'value',
    UNENDED: 'no newline',
    CRLF: 'kept\r',
    BLANKS: ' \t x \t ',
    BLANK_LINE: '',
    NUL: 'cut',
    'a-b.c~': 'any name',
    LINK: 'value',
    BYTES: '\xff\xc3',
    ENVDIR: 'env',
    SERVER_STARTER_PORT: '',
    SERVER_STARTER_GENERATION: '1',
  });
  for (const name of ['EMPTY', '.hidden', 'SUBDIRECTORY', 'DANGLING']) t.notOk(found.has(name), name);
  await run.stop();
});

t.test('it is read again before every fork, and what is gone has its old value back', async (t) => {
  const directory = workspace(t);
  mkdirSync(join(directory, 'env'));
  writeFileSync(join(directory, 'env/LANG'), 'from-envdir');
  writeFileSync(join(directory, 'env/FRESH'), 'one');
  const run = new EnvdirRun(t, directory);
  t.match(
    await run.variables(1),
    new Map([
      ['LANG', 'from-envdir'],
      ['FRESH', 'one'],
    ]),
  );
  writeFileSync(join(directory, 'env/FRESH'), 'two');
  run.signal('SIGHUP');
  t.match(
    await run.variables(2),
    new Map([
      ['FRESH', 'two'],
      ['SERVER_STARTER_GENERATION', '2'],
    ]),
  );
  rmSync(join(directory, 'env'), { recursive: true });
  run.signal('SIGHUP');
  const third = await run.variables(3);
  t.equal(third.get('LANG'), 'C');
  t.notOk(third.has('FRESH'));
  await run.stop();
});

t.test('a bad value is repaired while new workers fail because of it', async (t) => {
  const directory = workspace(t);
  mkdirSync(join(directory, 'env'));
  writeFileSync(join(directory, 'env/MODE'), 'bad');
  const script = 'test "$MODE" != bad && exec sleep 60';
  const run = new Run(t, ['--interval=1', '--envdir=env', '--', 'sh', '-c', script], { cwd: directory });
  await run.sees(/seems to have failed/);
  writeFileSync(join(directory, 'env/MODE'), 'good');
  run.signal('SIGHUP');
  await run.sees(/^new worker is now running/);
  await run.stop();
});

t.test('ENVDIR in an envdir names the directory that is read from the next time on', async (t) => {
  const directory = workspace(t);
  mkdirSync(join(directory, 'env'));
  mkdirSync(join(directory, 'other'));
  writeFileSync(join(directory, 'env/ENVDIR'), 'other');
  writeFileSync(join(directory, 'other/FROM'), 'other');
  const run = new EnvdirRun(t, directory);
  t.notOk((await run.variables(1)).has('FROM'));
  run.signal('SIGHUP');
  t.equal((await run.variables(2)).get('FROM'), 'other');
  await run.stop();
});

const switches: Record<string, (directory: string) => void> = {
  'a new file': (directory) => {
    writeFileSync(join(directory, 'env/ENABLE_AUTO_RESTART'), '1');
  },
  'a directory that was not there before': (directory) => {
    mkdirSync(join(directory, 'new'));
    writeFileSync(join(directory, 'new/ENABLE_AUTO_RESTART'), '1');
    renameSync(join(directory, 'env'), join(directory, 'old'));
    renameSync(join(directory, 'new'), join(directory, 'env'));
  },
  'a directory that is gone for a while': (directory) => {
    rmSync(join(directory, 'env'), { recursive: true });
    mkdirSync(join(directory, 'env'));
    writeFileSync(join(directory, 'env/ENABLE_AUTO_RESTART'), '1');
  },
  'another directory behind a link': (directory) => {
    mkdirSync(join(directory, 'v1'));
    renameSync(join(directory, 'env'), join(directory, 'v0'));
    writeFileSync(join(directory, 'v1/ENABLE_AUTO_RESTART'), '1');
    symlinkSync('v1', join(directory, 'env'));
  },
  'a link that is turned, as Kubernetes updates a ConfigMap': (directory) => {
    mkdirSync(join(directory, 'env/..v2'));
    writeFileSync(join(directory, 'env/..v2/ENABLE_AUTO_RESTART'), '1');
    symlinkSync('..v2', join(directory, 'env/..data.tmp'));
    renameSync(join(directory, 'env/..data.tmp'), join(directory, 'env/..data'));
    symlinkSync('..data/ENABLE_AUTO_RESTART', join(directory, 'env/ENABLE_AUTO_RESTART'));
  },
};

for (const [change, make] of Object.entries(switches)) {
  t.test(`auto restart is switched on by ${change} while nothing else happens`, async (t) => {
    const directory = workspace(t);
    mkdirSync(join(directory, 'env'));
    const run = new EnvdirRun(t, directory, ['--auto-restart-interval=1', '--kill-old-delay=0']);
    await run.variables(1);
    make(directory);
    await run.sees(/^autorestart triggered \(interval=1\)$/);
    t.equal((await run.variables(2)).get('ENABLE_AUTO_RESTART'), '1');
    await run.stop();
  });
}

t.test('what happens beside the directory does not wake the superdaemon', async (t) => {
  const directory = workspace(t);
  mkdirSync(join(directory, 'env'));
  const run = new EnvdirRun(t, directory);
  await run.variables(1);
  await run.sees(/^starting new worker/);
  const switches = () => Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(procFile(run.pid, 'status'))?.[1]);
  const quiet = await eventually('a quiet superdaemon', () => {
    const before = switches();
    for (let count = 0; count < 1000; count += 1) writeFileSync(join(directory, 'log'), 'a line\n');
    return switches() === before;
  });
  t.ok(quiet);
  await run.stop();
});

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined; // not there yet
  }
}

const unread = 'warning: nothing is taken from "env" of --envdir: No such file or directory; make it readable';

t.test('a directory that is not there is told once, and once more when it has gone again', async (t) => {
  const directory = workspace(t);
  const run = new EnvdirRun(t, directory);
  const reload = async (generation: number) => {
    run.signal('SIGHUP');
    await run.variables(generation);
    await run.sees(/^old worker \d+ died/, generation - 1);
  };
  await run.variables(1);
  await reload(2);
  t.equal(run.lines.filter((line) => line.startsWith(unread)).length, 1);
  mkdirSync(join(directory, 'env'));
  await reload(3);
  rmSync(join(directory, 'env'), { recursive: true });
  await reload(4);
  t.equal(run.lines.filter((line) => line.startsWith(unread)).length, 2);
  await run.stop();
});

t.test('a file that this user may not read is told, too; what nobody could read is not', async (t) => {
  const directory = workspace(t);
  chmodSync(directory, 0o777);
  mkdirSync(join(directory, 'env/SUBDIRECTORY'), { recursive: true });
  symlinkSync('nowhere', join(directory, 'env/DANGLING'));
  writeFileSync(join(directory, 'env/SECRET'), 'x\n', { mode: 0o600 });
  const under = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--clear-groups', '--inh-caps=-all'] : [];
  if (under.length === 0) chmodSync(join(directory, 'env/SECRET'), 0);
  const run = new Run(t, ['--interval=0', '--envdir=env', '--', 'sleep', '100'], { cwd: directory, under });
  await run.sees(/^starting new worker/);
  t.same(
    run.lines.filter((line) => line.startsWith('warning')).map((line) => line.split(';')[0]),
    ['warning: nothing is taken from "env/SECRET" of --envdir: Permission denied'],
  );
  await run.stop();
});
