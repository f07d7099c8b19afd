/** What README.md shows of options and signals is what the tables say. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { workspace } from '../helpers/workspace.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

function run(...words: string[]) {
  return spawnSync(process.execPath, [join(root, 'scripts/readme-options.mjs'), ...words], { encoding: 'utf8' });
}

t.test('README.md agrees with the tables', (t) => {
  const { status, stderr } = run('--check');
  t.equal(stderr, '');
  t.equal(status, 0);
  t.end();
});

for (const name of ['options', 'signals']) {
  t.test(`a changed block of ${name} is noticed, and made good`, (t) => {
    const file = join(workspace(t), 'README.md');
    writeFileSync(file, readme.replace(`<!-- ${name}:end -->`, `made up\n\n$&`));
    t.match(run('--check', file), { status: 1, stderr: 'does not agree with src/core' });
    t.equal(run(file).status, 0);
    t.equal(readFileSync(file, 'utf8'), readme);
    t.end();
  });
}

t.test('a README without the markers is an error', (t) => {
  const file = join(workspace(t), 'README.md');
  writeFileSync(file, readme.replace('<!-- options:begin -->', ''));
  t.match(run('--check', file), { status: 1, stderr: 'options:begin' });
  t.end();
});
