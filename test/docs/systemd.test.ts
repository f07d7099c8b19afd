/** The units of examples/systemd: systemd has nothing to say against them, and their commands start and swap. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { saidBy } from '../helpers/running/control.js';
import { eventually } from '../helpers/eventually.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { freePort } from '../helpers/place/ports.js';
import { room } from '../helpers/place/room.js';
import { example } from '../helpers/place/samples.js';
import { ours, Run } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

const units = readdirSync(example('systemd'));
const textOf = (unit: string) => readFileSync(example(join('systemd', unit)), 'utf8');
const line = (unit: string, key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(textOf(unit))?.[1] ?? '';

t.test('systemd-analyze verify', { skip: withoutCommand('systemd-analyze') }, (t) => {
  const directory = workspace(t);
  writeFileSync(join(directory, 'wrong.service'), '[Service]\nExecStart=/bin/true\nKillMod=mixed\n');
  // The command is somewhere else here, and a unit that names none is an error.
  for (const unit of units)
    writeFileSync(join(directory, unit), textOf(unit).replaceAll('/usr/local/bin/start_server', ours.command));
  for (const unit of [...units, 'wrong.service']) {
    const file = join(directory, unit);
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    // It looks at other units of the machine, too, and ends with 0 for what systemd would leave out.
    const found = stderr
      .split('\n')
      .filter((each) => each.includes(unit) && !/Failed to (?:prepare|create)/.test(each));
    if (unit === 'wrong.service') t.match(found, [/Unknown key .*'KillMod'/]);
    else t.same([status, found], [0, []], unit);
  }
  t.end();
});

const services = units.filter((unit) => unit.endsWith('.service'));

t.jobs = 2; // most of the time is the interval and the worker's last second
for (const unit of services) {
  t.test(`${unit}: the commands are run without systemd, too`, { buffered: true }, async (t) => {
    const cwd = room(t);
    copyFileSync(example('http-worker.js'), join(cwd, 'worker.mjs'));
    symlinkSync(process.execPath, join(cwd, 'node'));
    const port = String(await freePort());
    const here = (key: string) => {
      const [start, ...words] = line(unit, key).split(' ');
      t.equal(start, '/usr/local/bin/start_server');
      const moved = words.map((word) =>
        word.replace(/\/run\/(?:app\/)?/, `${cwd}/`).replace(/^--port=\d+$/, `--port=${port}`),
      );
      return moved.flatMap((word) => (word === '/srv/app/app' ? [join(cwd, 'node'), 'worker.mjs'] : [word]));
    };
    const run = new Run(t, here('ExecStart'), { cwd });
    await run.sees(/^starting new worker/);
    await eventually('the control socket', () => readdirSync(cwd).includes('control'), { seen: () => run.stderr });
    const reload = new Run(t, here('ExecReload'), { cwd });
    t.same(await saidBy(reload), { code: 0, stderr: '' });
    t.match(run.stderr, /^old worker \d+ died, status:0$/m, 'the reload has waited');
    t.same(await run.stop(), { code: 0, signal: null });
    t.equal((await saidBy(new Run(t, here('ExecReload'), { cwd }))).code, 1, 'a reload fails when nothing runs');
  });

  t.test(`${unit}: what the page says about it`, (t) => {
    for (const key of ['RuntimeDirectory', 'KillMode', 'TimeoutStopSec', 'Restart']) t.not(line(unit, key), '', key);
    t.notMatch(textOf(unit), /^(Type=forking|MemoryDenyWriteExecute)/m);
    t.end();
  });
}
