/**
 * Every helper and every fixture of the tests is of use to one of them, and every folder of test/ stands in
 * test/README.md. What a run has said is seen in its order.
 */
import { chmodSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import t from 'tap';
import ts from 'typescript';
import { workspace } from '../helpers/place/workspace.js';
import { Run } from '../helpers/running/starter.js';

const root = join(import.meta.dirname, '../..');

/** Texts by path: everything in these folders. */
function textsIn(...folders: readonly string[]): Map<string, string> {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
  );
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'latin1')]));
}

/** The files that a file imports by a relative path, wherever they are. */
function importsOf(path: string, text: string): string[] {
  const names = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  return names.filter((name) => name.startsWith('.')).map((name) => join(dirname(path), name.replace(/\.js$/, '.ts')));
}

/** Helpers that no file outside of the helpers imports, even by way of others, and fixtures whose name no file contains. */
function useless(texts: ReadonlyMap<string, string>): string[] {
  const isShared = (path: string) => /^test\/(?:helpers|fixtures)\//.test(path);
  const isModule = (path: string) => path.startsWith('test/helpers/') && path.endsWith('.ts');
  const reached = new Set([...texts.keys()].filter((path) => !isModule(path)));
  for (const path of reached) {
    if (/\.[mc]?[jt]s$/.test(path)) for (const found of importsOf(path, texts.get(path) ?? '')) reached.add(found);
  }
  const isNamed = (path: string) =>
    [...texts].some(([other, text]) => other !== path && reached.has(other) && text.includes(basename(path)));
  return [...texts.keys()].filter((path) => isShared(path) && !(isModule(path) ? reached.has(path) : isNamed(path)));
}

t.test('every helper is imported, and every fixture named', (t) => {
  const texts = textsIn('test', 'scripts', 'bench');
  texts.delete('test/README.md');
  t.same(useless(texts), []);
  t.end();
});

t.test('a helper or fixture of no use is found', (t) => {
  const texts = new Map([
    ['test/cli/x.test.ts', "import { a } from '../helpers/a.js'; compiled('used.c');"],
    ['test/helpers/a.ts', "export { b } from './b.js';"],
    ['test/helpers/b.ts', ''],
    ['test/helpers/lone.ts', "import './circle.js'; fixture('orphan.c');"],
    ['test/helpers/circle.ts', "import './lone.js';"],
    ['test/fixtures/used.c', ''],
    ['test/fixtures/orphan.c', ''],
  ]);
  t.same(useless(texts), ['test/helpers/lone.ts', 'test/helpers/circle.ts', 'test/fixtures/orphan.c']);
  t.end();
});

t.test('test/README.md has a row for each folder', (t) => {
  const rows = readFileSync(join(root, 'test/README.md'), 'utf8').matchAll(/^\| `test\/(\w+)` /gm);
  const folders = readdirSync(join(root, 'test'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  t.same(Array.from(rows, ([, name]) => name).sort(), folders.map(({ name }) => name).sort());
  t.end();
});

t.test('what a run has written is read before what came after it: a file, a message, an answer', async (t) => {
  const cwd = workspace(t);
  const writer = join(cwd, 'writer');
  writeFileSync(writer, '#!/bin/sh\nfor each in 1 2 3; do echo "$each" >&2; : >"$each"; done; exec sleep 100\n');
  chmodSync(writer, 0o755);
  const run = new Run(t, [], { cwd, starter: { name: 'writer', command: writer } });
  for (const each of ['1', '2', '3']) {
    const end = performance.now() + 90_000;
    while (!existsSync(join(cwd, each)) && performance.now() < end); // node has no chance to read meanwhile
    t.ok(run.lines.includes(each));
    await run.sees(new RegExp(`^${each}$`));
  }
  t.same(run.lines, ['1', '2', '3'], 'in order, and once');
  run.signal('SIGKILL');
  await run.ended();
});
