import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { loadAddon } from '../../src/system/engine/addon.js';
import { workspace } from '../helpers/place/workspace.js';

const root = join(import.meta.dirname, '..', '..');
const binary = join(root, 'build', 'Release', 'superdaemon.node');
const BUILT = 'build/Release/superdaemon.node';
const shipped = (libc: string): string => `prebuilds/${process.platform}-${process.arch}/superdaemon.${libc}.node`;

/** A package with a good or a broken binary at each of the places. */
function packageWith(t: Test, places: Readonly<Record<string, 'good' | 'broken'>>): string {
  const directory = workspace(t);
  writeFileSync(join(directory, 'package.json'), '{ "name": "superdaemon" }');
  mkdirSync(join(directory, 'dist', 'deeper'), { recursive: true });
  for (const [place, state] of Object.entries(places)) {
    const file = join(directory, place);
    mkdirSync(dirname(file), { recursive: true });
    if (state === 'good') copyFileSync(binary, file);
    else writeFileSync(file, 'for another machine');
  }
  return directory;
}

function withNodeGypBuild(directory: string): string {
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(join(root, 'node_modules', 'node-gyp-build'), join(directory, 'node_modules', 'node-gyp-build'));
  return directory;
}

function works(t: Test, directory: string, note: string): void {
  t.equal(loadAddon(join(directory, 'dist', 'deeper')).strerror(2), 'No such file or directory', note);
}

t.test('the binary is found where it was built or shipped', (t) => {
  works(t, packageWith(t, { [BUILT]: 'good' }), 'built');
  works(t, packageWith(t, { [shipped('glibc')]: 'good' }), 'shipped');
  works(t, packageWith(t, { [BUILT]: 'good', [shipped('glibc')]: 'broken' }), 'what was built comes first');
  works(t, packageWith(t, { [BUILT]: 'broken', [shipped('glibc')]: 'good' }), 'one that does not load is passed over');
  works(t, packageWith(t, { [shipped('glibc')]: 'broken', [shipped('musl')]: 'good' }), 'the other libc');
  t.end();
});

t.test('node-gyp-build is asked when neither is there', (t) => {
  works(t, withNodeGypBuild(packageWith(t, { 'build/Debug/superdaemon.node': 'good' })), 'a debug build');
  t.end();
});

t.test('an error says what is missing and what to do', (t) => {
  const advice =
    /install a C\+\+ compiler, make and python3, then run 'npm rebuild superdaemon' \(or 'npm rebuild --global superdaemon'\)$/;
  const nothing = withNodeGypBuild(packageWith(t, {}));
  t.throws(() => loadAddon(nothing), { message: advice });
  t.throws(() => loadAddon(nothing), { message: /No native build was found/, cause: Error });
  t.throws(() => loadAddon(packageWith(t, {})), { message: /Cannot find module 'node-gyp-build'/ });
  t.throws(() => loadAddon(withNodeGypBuild(packageWith(t, { [BUILT]: 'broken' }))), {
    message: /superdaemon\.node: (file too short|invalid ELF header|.*not a mach-o file)/,
    cause: AggregateError,
  });
  t.end();
});

t.test('a directory outside every package is not gone up for ever', (t) => {
  t.throws(() => loadAddon('/'), { message: /cannot be loaded from \// });
  t.end();
});
