/** npm run dependencies: the lock file and the licences, as they are and as they must not be. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { workspace } from '../helpers/place/workspace.js';

const root = join(import.meta.dirname, '../..');
const script = join(root, 'scripts/dependencies.mjs');

function check(directory: string) {
  return spawnSync(process.execPath, [script, '--offline', `--root=${directory}`], { encoding: 'utf8' });
}

t.test('those of this project are in order', (t) => {
  const { status, stdout, stderr } = check(root);
  t.equal(stderr, '');
  t.match(stdout, /^dependencies: \d{2,} packages in the lock file, 0 complaints\n$/);
  t.equal(status, 0);
  t.end();
});

const checksum = `sha512-${'A'.repeat(86)}==`;
const sound = { version: '1.0.0', integrity: checksum, license: 'MIT' };
const table: readonly (readonly [what: string, entry: object, complaint: RegExp | undefined])[] = [
  ['in order', sound, undefined],
  ['a choice of licences', { ...sound, license: '(MIT OR GPL-3.0)' }, undefined],
  ['a tool', { ...sound, dev: true, license: 'Apache-2.0 AND MIT' }, undefined],
  ['no checksum', { ...sound, integrity: undefined }, /a has no sha512 checksum/],
  ['a weak one', { ...sound, integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }, /a has no sha512 checksum/],
  ['an address', { ...sound, resolved: 'https://example.com/a.tgz' }, /a names the place https:/],
  ['from git', { ...sound, resolved: 'git+ssh://git@example.com/a.git#1' }, /a names the place git/],
  ['a directory', { resolved: '../a', link: true, license: 'MIT' }, /a is a link to a directory/],
  ['a file', { ...sound, version: 'file:a.tgz' }, /a has no version from a registry/],
  ['a licence that asks for more', { ...sound, license: 'GPL-3.0' }, /a has the licence GPL-3.0/],
  ['one of two', { ...sound, license: 'MIT AND GPL-3.0' }, /a has the licence/],
  ["a tool's, for users", { ...sound, license: 'Apache-2.0' }, /a has the licence Apache-2.0/],
  ['a tool of no licence', { ...sound, dev: true, license: 'UNLICENSED' }, /a has the licence UNLICENSED/],
];
t.test('what is wrong is told', (t) => {
  for (const [what, entry, complaint] of table) {
    const directory = workspace(t);
    const dependencies = { a: '^1.0.0' };
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ dependencies }));
    const packages = { '': { dependencies }, 'node_modules/a': entry };
    writeFileSync(join(directory, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
    const { status, stderr } = check(directory);
    t.equal(status, complaint === undefined ? 0 : 1, what);
    t.match(stderr, complaint ?? /^$/, what);
  }
  t.end();
});

t.test('a lock file that package.json has left behind', (t) => {
  const directory = workspace(t);
  copyFileSync(join(root, 'package-lock.json'), join(directory, 'package-lock.json'));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object };
  const dependencies = { ...manifest.dependencies, 'left-pad': '1' };
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ ...manifest, dependencies }));
  t.match(check(directory).stderr, /^dependencies: dependencies of package.json and of the lock file differ/);
  t.end();
});
