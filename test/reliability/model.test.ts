/** The model and the program agree: random runs of the real superdaemon are recorded, and replayed through `step`. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { killQuietly } from '../helpers/processes/kill-quietly.js';
import { probe } from '../helpers/processes/probe.js';
import { processesIn } from '../helpers/processes/processes.js';
import { readRecording, replayed } from '../helpers/decision/recording.js';
import { Chance, record, sized } from '../helpers/reliability/reliability.js';
import { plainEnvironment } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

const runs = sized(3, 30);
const moves = sized(40, 100);
const fixture = join(import.meta.dirname, '../fixtures/recorded-start.ts');

/** What a worker does, by chance: serves, refuses to start, dies soon, lingers, dies by a signal. */
const scripts = ['', '-d 0 -x 3', '-d 30 -x 1', '-l 40', '-d 15 -k SEGV', '-l 5 -x 2'];

const optionSets = [
  ['--interval=0'],
  ['--interval=0', '--kill-old-delay=1'],
  ['--interval=1', '--signal-on-hup=QUIT'],
  ['--interval=0', '--enable-auto-restart', '--auto-restart-interval=1', '--kill-old-delay=0'],
];

t.test(`${String(runs)} random runs`, { timeout: 0 }, async (t) => {
  const chance = new Chance(t);
  const kinds = new Set<string>();
  let turns = 0;
  await Promise.all(
    Array.from({ length: runs }, async (_, run) => {
      const recording = replayed(readRecording(await randomRun(t, chance, optionSets[run % optionSets.length] ?? [])));
      const wrong = recording.filter(({ done, asked }) => done !== asked);
      t.same(wrong, [], `run ${String(run)}, ${String(recording.length)} turns`);
      turns += recording.length;
      for (const { event } of recording) kinds.add(event.type);
    }),
  );
  t.strictSame([...kinds].sort(), ['deadline', 'died', 'forked', 'settings changed', 'signal']);
  const held = `${String(turns)} turns of the loop: step asked for the same actions in the same order`;
  record({ injected: 'random runs, recorded and replayed through the model', times: runs, held });
});

/** Gives the path of its recording, when it has ended. */
async function randomRun(t: Test, chance: Chance, options: readonly string[]): Promise<string> {
  const cwd = workspace(t);
  const path = join(cwd, 'recording');
  mkdirSync(join(cwd, 'env'));
  const program = ['sh', '-c', `exec ${probe()} $SCRIPT`];
  const words = [
    `--import=${import.meta.resolve('tsx')}`,
    fixture,
    path,
    '--envdir=env',
    ...options,
    '--status-file=st',
    '--',
    ...program,
  ];
  const child = spawn(process.execPath, words, { cwd, env: plainEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('latin1').on('data', (text: string) => (said += text));
  t.teardown(() => processesIn(cwd).forEach((pid) => process.kill(pid, 'SIGKILL')));
  await eventually('a worker', () => said.includes('starting new worker'), { seen: () => said });
  for (let move = 0; move < moves; move += 1) {
    switch (chance.below(4)) {
      case 0:
        child.kill('SIGHUP');
        break;
      case 1:
        writeFileSync(join(cwd, 'env/SCRIPT'), `${chance.pick(scripts)}\n`);
        break;
      case 2:
        for (const pid of processesIn(cwd)
          .filter((pid) => pid !== child.pid)
          .slice(0, 1))
          killQuietly(pid);
        break;
      default:
        await pause(chance.below(60));
    }
    await pause(chance.below(10));
  }
  child.kill(chance.pick(['SIGTERM', 'SIGINT', 'SIGQUIT'] as const));
  const seen = () => said;
  await eventually('its end', () => child.exitCode !== null || child.signalCode !== null, { seen });
  t.equal(child.exitCode, 0, said.slice(-300));
  return path;
}
