/** The house is built as eslint.rooms.js says: every file has a room of its kind, and no import leads back to where it began. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import t from 'tap';
import ts from 'typescript';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const src = join(root, 'src');

interface Room {
  readonly name: string;
  readonly imports: readonly string[];
}
const linted = (await import(pathToFileURL(join(root, 'eslint.rooms.js')).href)) as { rooms: readonly Room[] };
const rooms = linted.rooms.map(({ name }) => name);

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => path.split(sep).join('/'));

const roomOf = (file: string): string => (file.includes('/') ? dirname(file) : file);

/** The files of src that a file imports, types too. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(src, file), 'utf8'));
  const own = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('.'));
  const paths = own.map((name) => relative(src, join(src, dirname(file), name.replace(/\.js$/, '.ts'))));
  return paths.filter((path) => !path.startsWith('..'));
}

/** A way through these arrows that ends where it began; undefined where there is none. */
function circleIn(arrows: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const walk = (at: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(at)) return [...way.slice(way.indexOf(at)), at];
    if (done.has(at)) return undefined;
    for (const next of arrows.get(at) ?? []) {
      const circle = walk(next, [...way, at]);
      if (circle !== undefined) return circle;
    }
    done.add(at);
    return undefined;
  };
  return [...arrows.keys()].map((at) => walk(at, [])).find((circle) => circle !== undefined);
}

t.test('every file has a room, and no room has one file only', (t) => {
  t.same(
    files.filter((file) => !rooms.includes(roomOf(file))),
    [],
    'files without a room',
  );
  for (const room of rooms.filter((name) => !name.endsWith('.ts'))) {
    t.ok(files.filter((file) => roomOf(file) === room).length > 1, room);
  }
  t.end();
});

t.test('no file imports itself by way of others, and no room does', (t) => {
  const arrows = new Map(files.map((file) => [file, importsOf(file)]));
  t.ok([...arrows.values()].flat().length > files.length, 'imports were found');
  t.equal(circleIn(arrows), undefined, 'files');
  const between = new Map(
    rooms.map((room) => {
      const inside = files.filter((file) => roomOf(file) === room);
      const others = inside.flatMap((file) => (arrows.get(file) ?? []).map(roomOf));
      return [room, others.filter((other) => other !== room)];
    }),
  );
  t.equal(circleIn(between), undefined, 'rooms');
  t.end();
});

t.test('a circle is found', (t) => {
  t.same(
    circleIn(
      new Map([
        ['a', ['b', 'c']],
        ['b', ['c']],
        ['c', ['d', 'b']],
      ]),
    ),
    ['b', 'c', 'b'],
  );
  t.equal(
    circleIn(
      new Map([
        ['a', ['b', 'c']],
        ['b', ['c']],
        ['c', []],
      ]),
    ),
    undefined,
  );
  t.end();
});

t.test('a room imports only rooms that come before it', (t) => {
  for (const [index, { name, imports }] of linted.rooms.entries()) {
    const later = rooms.slice(index + 1);
    t.same(
      imports.filter((what) => later.some((other) => other === what || other.startsWith(`${what}/`))),
      [],
      name,
    );
  }
  t.end();
});
