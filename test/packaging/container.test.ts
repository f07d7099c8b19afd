/**
 * What examples/container/Dockerfile starts, as PID 1 of a pid namespace of its own, as in a container. No image is built.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { Load } from '../helpers/load/load.js';
import { freePort } from '../helpers/place/ports.js';
import { example, fixture } from '../helpers/place/samples.js';
import { ours, Run } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';
import { procFile } from '../helpers/processes/proc-file.js';

const root = dirname(example('.'));
const instructions = readFileSync(example('container/Dockerfile'), 'utf8')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => /^([A-Z]+) (.*)$/.exec(line)?.slice(1) ?? ['', line]);

/** What follows the last instruction of this name. */
function last(name: string): string {
  return instructions.filter(([instruction]) => instruction === name).at(-1)?.[1] ?? '';
}

t.test('the Dockerfile', (t) => {
  const known = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'USER', 'EXPOSE', 'ENTRYPOINT', 'CMD'];
  t.same(
    instructions.filter(([name]) => !known.includes(String(name))),
    [],
    'nothing in it is misspelt',
  );
  t.equal(instructions.filter(([name]) => name === 'FROM').length, 2, 'it has two stages');
  t.match(last('FROM'), /-slim$/, 'there is no compiler in what runs');
  t.not(last('USER'), '', 'it has a user');
  t.notMatch(last('USER'), /^(root|0)\b/, 'and not root');
  t.same(JSON.parse(last('ENTRYPOINT')), ['start_server'], 'no shell stands before start_server');
  const [file = ''] = last('COPY').split(' ');
  t.ok(existsSync(join(root, file)), `${file} exists`);
  t.end();
});

/** Why no pid namespace can be had, or none for this user. */
function unable(become: readonly string[]): string | false {
  if (process.getuid?.() !== 0) return 'only root can make a pid namespace';
  const tried = spawnSync('unshare', [...apart, ...become, ours.command, '--version'], { encoding: 'latin1' });
  return tried.status === 0
    ? false
    : `no pid namespace, or not for that user: ${tried.stderr}${String(tried.error ?? '')}`;
}

const apart = ['--pid', '--fork', '--mount-proc', '--kill-child'];

/** The pids of a process's children, zombies too, as they are outside of the namespace. */
function childrenOf(pid: number): number[] {
  const children = procFile(pid, `task/${String(pid)}/children`);
  return children.split(' ').filter(Boolean).map(Number);
}

/** A run whose log has the pids of the namespace, which are others' outside. */
class ContainerRun extends Run {
  override get workers(): number[] {
    return [];
  }

  override killAll(): void {
    // The end of PID 1 is that of all in the namespace; a change of user keeps it from dying with unshare.
    for (const pid of this.isRunning ? childrenOf(this.pid) : []) process.kill(pid, 'SIGKILL');
    super.killAll();
  }
}

/** The program of the image, with its worker behind `before`, and on a port that is free here. */
async function start(t: Test, become: readonly string[], before: readonly string[]) {
  const directory = workspace(t);
  copyFileSync(example('http-worker.js'), join(directory, 'worker.mjs'));
  // The Dockerfile gives its user a directory for the control socket.
  chmodSync(directory, 0o777);
  const port = await freePort();
  const words = JSON.parse(last('CMD')) as string[];
  const program = words.indexOf('--') + 1;
  const options = words
    .slice(0, program)
    .map((word) => (word === '--port=8080' ? `--port=127.0.0.1:${String(port)}` : word.replace('/run/app/', '')));
  const env = { PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) };
  const under = ['unshare', ...apart, ...become];
  const run = new ContainerRun(t, [...options, ...before, ...words.slice(program)], { under, cwd: directory, env });
  await run.sees(/^starting new worker/);
  const first = await eventually('PID 1', () => childrenOf(run.pid)[0]);
  return { run, directory, port, first };
}

const users: readonly [name: string, become: readonly string[]][] = [
  ['root', []],
  ['an ordinary user', ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']],
];

for (const [user, become] of users) {
  t.test(`as PID 1 and ${user}`, { skip: unable(become) }, async (t) => {
    const { run, directory, port, first } = await start(t, become, [fixture('with-orphan.sh')]);
    const load = new Load({ addresses: [port], connections: 4, keptAlive: 2 });
    t.teardown(() => load.stop());
    const answered = (generation: number) => () => load.report.generations.has(generation);
    const seen = () => `${run.stderr}${JSON.stringify(load.report.failures)}`;

    await eventually('an answer', answered(1), { seen });
    t.match(run.stderr, /^start_server \(pid:1\) starting now\.\.\.$/m);
    await run.sees(/^orphan \d+ adopted$/);
    await eventually('the worker as the only child', () => childrenOf(first).length === 1, { seen });

    process.kill(first, 'SIGHUP');
    await eventually('an answer of the next worker', answered(2), { seen });
    await run.sees(/^old worker \d+ died/);
    await run.sees(/^orphan \d+ adopted$/, 2);
    await eventually('the worker as the only child', () => childrenOf(first).length === 1, { seen });
    t.same((await load.stop()).failures, {});

    const restarted = new Run(t, ['--restart', '--control=control'], { cwd: directory });
    t.same(await restarted.ended(), { code: 0, signal: null }, `through the control socket: ${restarted.stderr}`);
    t.match(run.stderr, /^old worker \d+ died[^]*^old worker \d+ died/m);

    process.kill(first, 'SIGTERM');
    t.same(await run.ended(), { code: 0, signal: null });
    t.match(run.stderr, /^exiting$/m);
  });
}
