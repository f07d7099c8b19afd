/** The scripts of package.json: npm runs `preNAME` and `postNAME` around NAME by itself. */
import { readFileSync } from 'node:fs';
import t from 'tap';

/** Those that are meant to be run so, with what npm runs them around. */
const meant = ['prepack'];

/** Names that npm runs by itself around others: of its own commands, and of all scripts that are there. */
function runByName(names: readonly string[]): string[] {
  const commands = [
    'install',
    'pack',
    'publish',
    'version',
    'test',
    'start',
    'stop',
    'restart',
    'shrinkwrap',
    'uninstall',
  ];
  const around = [...commands, ...names].flatMap((name) => [`pre${name}`, `post${name}`]);
  return names.filter((name) => around.includes(name));
}

t.test('no script is run by its name around another, unless that is meant', (t) => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  t.same(runByName(Object.keys(scripts)), meant);
  t.end();
});

t.test('a name that npm would run is noticed', (t) => {
  t.same(runByName(['build', 'prebuild', 'postlint']), ['prebuild']);
  t.same(runByName(['pretest', 'make-prebuilds']), ['pretest']);
  t.end();
});
