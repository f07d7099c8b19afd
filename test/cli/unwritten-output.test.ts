/** Standard output that cannot be written: no command that prints ends as if all had been told. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { cannotMount, fill, tinyDisk } from '../helpers/place/tiny-disk.js';
import { fullDevice, withoutFullDevice } from '../helpers/output/full-device.js';
import { TestPipe } from '../helpers/output/test-pipe.js';
import { commanding, controlled } from '../helpers/running/control-socket.js';
import { common } from '../helpers/running/reconfiguring.js';
import { Run, type RunOptions } from '../helpers/running/starter.js';
import { withoutUpgrade } from '../helpers/running/upgrades.js';

const withControl = '--control=c';
const printing: readonly (readonly string[])[] = [
  ['--help'],
  ['--version'],
  ['--check', '--', 'sleep', '99'],
  ['--show-status', withControl],
  ['--show-status', '--json', withControl],
  ['--show-status', '--prometheus', withControl],
  ['--show-status', '--pid-file=pid', '--status-file=st'],
  ['--reconfigure', '--check', ...common, '--', 'sleep', '99'],
  ...(withoutUpgrade === false ? [['--upgrade', withControl]] : []),
];

const said = (reason: string) =>
  `failed to write standard output: ${reason}; send it elsewhere, as by >FILE, or make room on its disk\n`;

interface Place {
  readonly skip?: string | false;
  readonly how: (t: Test) => RunOptions;
  readonly code: number;
  readonly stderr: string;
}

const into = (descriptor: number): RunOptions => ({ stdio: ['ignore', descriptor, 'pipe'] });

const places: Readonly<Record<string, Place>> = {
  'a full disk': {
    skip: withoutFullDevice,
    how: (t) => into(fullDevice(t)),
    code: 28,
    stderr: said('No space left on device'),
  },
  'an output that is closed': {
    skip: process.platform !== 'linux' && 'only the preloaded library sees it',
    how: () => ({ under: ['sh', '-c', 'exec "$@" >&-', 'sh'] }),
    code: 9,
    stderr: said('Bad file descriptor'),
  },
  'a pipe that nobody reads any more': {
    how: (t) => {
      const pipe = new TestPipe(t);
      pipe.closeReading();
      return into(pipe.writing);
    },
    code: 141,
    stderr: '',
  },
};

for (const [place, { skip = false, how, code, stderr }] of Object.entries(places)) {
  t.test(`${place}: every command that prints says so`, { skip }, async (t) => {
    const run = await controlled(t);
    const options = { cwd: run.directory, ...how(t) };
    for (const words of printing) {
      const command = new Run(t, words, options);
      t.same([await command.ended(), command.stderr], [{ code, signal: null }, stderr], words.join(' '));
    }
    await run.stop();
  });

  t.test(`${place}: a start, and commands that print nothing, do not care`, { skip }, async (t) => {
    const run = await controlled(t, [], how(t));
    const restart = commanding(t, ['--restart'], run.directory, how(t));
    t.same([await restart.ended(), restart.stderr], [{ code: 0, signal: null }, '']);
    t.same(await run.stop(), { code: 0, signal: null });
  });
}

t.test(
  'what a script makes of half an output never takes the place of a good file',
  { skip: cannotMount() },
  async (t) => {
    const run = await controlled(t);
    const disk = tinyDisk(t, join(run.directory, 'disk'));
    writeFileSync(join(disk, 'app.prom'), 'good');
    fill(disk);
    const script = '"$0" --show-status --prometheus --control=c >disk/new && mv disk/new disk/app.prom';
    const renewal = new Run(t, [], { cwd: run.directory, under: ['sh', '-c', script] });
    t.same(await renewal.ended(), { code: 28, signal: null });
    t.equal(readFileSync(join(disk, 'app.prom'), 'latin1'), 'good');
    await run.stop();
  },
);
