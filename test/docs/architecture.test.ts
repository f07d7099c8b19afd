/** docs/architecture.md is true of the addon: its table names every function, and so does its type. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { textOf } from '../helpers/docs/doc-blocks.js';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

function namesIn(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), ([, name = '']) => name).sort();
}

const registered = namesIn(read('native/addon.cc'), /\bexports\.Set\("(\w+)"/g);

t.test('the table of the addon has each function once', (t) => {
  t.ok(registered.length > 20);
  const section = /^## The addon\n([^]*?)^## /m.exec(textOf('docs/architecture.md'))?.[1] ?? '';
  const firstCells = Array.from(section.matchAll(/^\| (`[^|]*) \|/gm), ([, cell = '']) => cell).join(' ');
  t.same(namesIn(firstCells, /`(\w+)`/g), registered);
  t.end();
});

t.test('the type of the addon has each function once', (t) => {
  const type = /^export interface Addon \{\n([^]*?)^\}/m.exec(read('src/system/engine/addon.ts'))?.[1] ?? '';
  t.same(namesIn(type, /^ {2}(\w+)\(/gm), registered);
  t.end();
});
