/** The status file and its draft, whose name can be guessed; and files that are no files where something is read. */
import { execFileSync } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readEnvdir } from '../../src/system/files/envdir.js';
import { ForeignPidFile } from '../../src/system/files/foreign-pid-file.js';
import { readStatusFile, StatusFile } from '../../src/system/files/status-file.js';
import { workspace } from '../helpers/place/workspace.js';

const plants: Readonly<Record<string, (path: string, victim: string) => unknown>> = {
  'a link': (path, victim) => symlinkSync(victim, path),
  'a link to nowhere': (path) => symlinkSync('made', path),
  'another name of a file': (path, victim) => linkSync(victim, path),
  'a named pipe': (path) => execFileSync('mkfifo', [path]),
  'the draft of a dead process': (path) => writeFileSync(path, 'old'),
};
for (const [what, plant] of Object.entries(plants)) {
  // A pipe that is there already is somebody's, and stays.
  for (const name of [...(what === 'a named pipe' ? [] : ['st']), `st.${String(process.pid)}`]) {
    t.test(`${what} called ${name.replace(/\d+/, 'PID')} is replaced, and not written through`, (t) => {
      const cwd = workspace(t);
      writeFileSync(join(cwd, 'victim'), 'precious\n', { mode: 0o640 });
      plant(join(cwd, name), join(cwd, 'victim'));
      const before = statSync(join(cwd, 'victim')).mode;
      const file = new StatusFile(join(cwd, 'st'));
      file.probe();
      file.write('1:2\n');
      t.ok(lstatSync(join(cwd, 'st')).isFile());
      t.equal(readFileSync(join(cwd, 'st'), 'latin1'), '1:2\n');
      t.equal(readFileSync(join(cwd, 'victim'), 'latin1'), 'precious\n');
      t.equal(statSync(join(cwd, 'victim')).mode, before);
      file.remove();
      t.same(readdirSync(cwd), ['victim']);
      t.end();
    });
  }
}

t.test('a named pipe called st is neither replaced nor written to, and no draft is left', (t) => {
  const cwd = workspace(t);
  execFileSync('mkfifo', [join(cwd, 'st')]);
  const file = new StatusFile(join(cwd, 'st'));
  t.throws(() => file.write('1:2\n'), { code: 'EEXIST' });
  t.ok(lstatSync(join(cwd, 'st')).isFIFO());
  t.same(readdirSync(cwd), ['st']);
  t.end();
});

t.test('a directory in place of the draft is refused, and stays', (t) => {
  const cwd = workspace(t);
  const draft = join(cwd, `st.${String(process.pid)}`);
  mkdirSync(draft);
  writeFileSync(join(draft, 'file'), '');
  const file = new StatusFile(join(cwd, 'st'));
  t.throws(() => file.write('1:2\n'), { code: 'EISDIR', syscall: 'unlink' });
  t.same(readdirSync(draft), ['file']);
  t.end();
});

t.test('nothing that is read is waited for, and nothing endless is read to its end', (t) => {
  const cwd = workspace(t);
  const pipe = join(cwd, 'pipe');
  execFileSync('mkfifo', [pipe]);
  t.equal(readStatusFile(pipe), '');
  t.equal(readStatusFile('/dev/zero').length, 2 ** 20);
  for (const mode of ['r', 'r+'] as const)
    t.throws(() => ForeignPidFile.open(pipe, mode).firstLine(), { code: 'ESPIPE' });
  t.equal(ForeignPidFile.open('/dev/zero', 'r').firstLine().length, 128);

  const envdir = join(cwd, 'envdir');
  mkdirSync(envdir);
  execFileSync('mkfifo', [join(envdir, 'PIPE')]);
  symlinkSync('/dev/zero', join(envdir, 'ZERO'));
  writeFileSync(join(envdir, 'ENORMOUS'), 'x'.repeat(2 ** 20));
  writeFileSync(join(envdir, 'LONG'), `${'y'.repeat(10_000)}\nz`);
  const variables = readEnvdir(envdir);
  t.same([...variables.keys()].sort(), ['ENORMOUS', 'LONG', 'ZERO']);
  t.equal(variables.get('ZERO'), '');
  t.equal(variables.get('LONG'), 'y'.repeat(10_000), 'a line over more than one read');
  t.equal(variables.get('ENORMOUS')?.length, 2 ** 18, 'too long for an exec, as the whole would be');
  t.end();
});
