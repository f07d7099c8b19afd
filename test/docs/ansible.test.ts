/** examples/ansible/rolling.yml, played for two start_servers of this machine as if they were two machines. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { freePort } from '../helpers/place/ports.js';
import { room } from '../helpers/place/room.js';
import { example } from '../helpers/place/samples.js';
import { ours, plainEnvironment, Run } from '../helpers/running/starter.js';

const good = `#!/bin/sh\nexec ${process.execPath} worker.mjs\n`;
const path = [dirname(ours.command), dirname(process.execPath), process.env['PATH']].join(delimiter);

interface Machine {
  readonly directory: string;
  readonly port: number;
  readonly run: Run;
}

async function machine(t: Test, directory: string): Promise<Machine> {
  mkdirSync(directory);
  copyFileSync(example('http-worker.js'), join(directory, 'worker.mjs'));
  writeFileSync(join(directory, 'app'), good, { mode: 0o755 });
  const port = await freePort();
  const options = [`--port=127.0.0.1:${String(port)}`, '--pid-file=pid', '--status-file=status', '--', './app'];
  const run = new Run(t, options, { cwd: directory });
  await eventually('the status file', () => existsSync(join(directory, 'status')), { seen: () => run.stderr });
  return { directory, port, run };
}

/** Two machines, a new version for them, and what ansible-playbook makes of it. */
async function rollOut(t: Test, version: string, patience: number) {
  const cwd = room(t);
  const machines = await Promise.all(['one', 'two'].map((name) => machine(t, join(cwd, name))));
  const hosts = machines.map(({ directory, port }, index) => {
    const values = { connection: 'local', directory, run: directory, port, python: '/usr/bin/python3' };
    const { connection, python, ...app } = values;
    const own = Object.entries(app).map(([key, value]) => `app_${key}=${String(value)}`);
    const plays = [`ansible_connection=${connection}`, `ansible_python_interpreter=${python}`];
    return [`machine${String(index + 1)}`, ...plays, ...own].join(' ');
  });
  writeFileSync(join(cwd, 'hosts'), ['[app]', ...hosts, ''].join('\n'));
  writeFileSync(join(cwd, 'new'), version);
  const variables = JSON.stringify({ app_version: join(cwd, 'new'), app_patience: patience });
  const words = ['--inventory=hosts', example('ansible/rolling.yml'), `--extra-vars=${variables}`];
  const env = {
    ...plainEnvironment(),
    HOME: cwd,
    PATH: path,
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_LOCAL_TEMP: join(cwd, 'tmp'),
  };
  const play = spawn('ansible-playbook', words, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => play.kill('SIGKILL'));
  const ended = once(play, 'exit');
  const said = await text(play.stdout);
  const [code] = (await ended) as [number | null];
  return { machines, code, said };
}

const skip = withoutCommand('ansible-playbook');
// Both are mostly ansible's own start-up.
t.jobs = 2;

t.test('a good version reaches all machines', { skip, buffered: true }, async (t) => {
  const { machines, code, said } = await rollOut(t, `${good}# new\n`, 20);
  t.equal(code, 0, said);
  t.match(said, /machine1[^]*Swap the worker[^]*machine2/, 'one after another');
  for (const { directory, run } of machines) {
    t.match(readFileSync(join(directory, 'app'), 'utf8'), '# new');
    t.match(run.stderr, /^old worker \d+ died, status:0$/m);
    t.match(readFileSync(join(directory, 'status'), 'latin1'), /^2:\d+\n$/);
    await run.stop();
  }
});

t.test('a bad version stops at the first machine, whose old worker serves on', { skip, buffered: true }, async (t) => {
  const { machines, code, said } = await rollOut(t, '#!/bin/sh\nexit 3\n', 2);
  t.equal(code, 2, said);
  t.match(said, /machine1 .*\bfailed=1/);
  const [first, second] = machines;
  if (first === undefined || second === undefined) throw new Error('two machines');
  t.match(first.run.stderr, /^new worker \d+ seems to have failed to start, exit status:768$/m);
  t.notMatch(first.run.stderr, /^old worker/m);
  t.match(await (await fetch(`http://127.0.0.1:${String(first.port)}/`)).text(), /^generation 1,/);
  t.equal(readFileSync(join(second.directory, 'app'), 'utf8'), good, 'the second was not touched');
  t.notMatch(second.run.stderr, 'HUP');
  // As the page says: with the old version back, the next try succeeds by itself.
  writeFileSync(join(first.directory, 'app'), good);
  await first.run.sees(/^old worker \d+ died, status:0$/);
  await Promise.all(machines.map(({ run }) => run.stop()));
});
