/** What comments and pages refer to is in this repository: files and folders, and rows of docs/differences.md. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';

const root = join(import.meta.dirname, '../..');

const folders = [
  'bench',
  'bin',
  'completions',
  'docs',
  'examples',
  'man',
  'native',
  'prebuilds',
  'scripts',
  'src',
  'test',
];

/** Paths that stand for any other one. */
const examples = /\/x(?:\.test)?\.ts$/;

/** The paths of all files. */
const files = readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
  if (entry.isFile()) return [entry.name];
  if (!folders.includes(entry.name)) return [];
  const inside = readdirSync(join(root, entry.name), { recursive: true, withFileTypes: true });
  return inside.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name).slice(root.length + 1));
});

const places = new Set(files.flatMap((path) => [path, ...foldersAbove(path)]));

function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...foldersAbove(folder)];
}

/** What a file says to people, line by line; '' for a line of code. */
function proseOf(path: string): string[] {
  const lines = readFileSync(join(root, path), 'latin1').split('\n');
  if (path.endsWith('.md')) return lines;
  return lines.map(
    (line) => /^\s*(?:\/\/|\/?\*|#(?!include|!)).*/.exec(line)?.[0] ?? /\s(?:\/\/|\/\*) .*/.exec(line)?.[0] ?? '',
  );
}

const isRead = (path: string) => /\.(?:md|[mc]?[jt]s|c|cc|h|p[lm]|psgi|py|sh|gyp)$|^bin\//.test(path);

/** Paths in a line that begin in one of our folders, as they stand there. */
function pathsIn(line: string): string[] {
  const mention = new RegExp(`(?<![\\w./~@$-])(?:${folders.join('|')})/[\\w*.@+/-]*[\\w*]`, 'g');
  return Array.from(line.matchAll(mention), ([path]) => path);
}

/** `test/cli/ports` is a file of tests; a star, or a word in capitals, stands for any name. */
function isThere(path: string): boolean {
  if (places.has(path) || places.has(`${path}.test.ts`)) return true;
  const pattern = path
    .replaceAll(/\b[A-Z]{3,}\b/g, '*')
    .split('*')
    .map((part) => part.replaceAll(/[.+]/g, '\\$&'));
  return files.some((file) => new RegExp(`^${pattern.join('[^/]*')}$`).test(file));
}

function wrongIn(path: string, lines: readonly string[], isRight: (line: string) => readonly string[]): string[] {
  return lines.flatMap((line, index) => isRight(line).map((what) => `${path}:${String(index + 1)}: ${what}`));
}

const missing = (line: string) => pathsIn(line).filter((path) => !examples.test(path) && !isThere(path));

t.test('files and folders that comments and pages name are there', (t) => {
  const read = files.filter(isRead);
  t.ok(read.length > 500);
  t.same(
    read.flatMap((path) => wrongIn(path, proseOf(path), missing)),
    [],
  );
  t.end();
});

t.test('rows of the differences that tests name are there, and no other document is cited by its sections', (t) => {
  const rows = new Set(
    Array.from(
      readFileSync(join(root, 'docs/differences.md'), 'utf8').matchAll(/^\*\*(\d\d[a-z]?)\*\* /gm),
      ([, row]) => row,
    ),
  );
  t.ok(rows.size > 30);
  const cited = (line: string) => {
    const [, first, more = ''] = /\brows? (\d\d[a-z]?)((?:(?:,| and| to) \d\d[a-z]?)*)/.exec(line) ?? [];
    const wrong =
      first === undefined
        ? []
        : [
            first,
            ...more
              .split(/,| and| to/)
              .map((row) => row.trim())
              .filter(Boolean),
          ].filter((row) => !rows.has(row));
    return [...wrong.map((row) => `row ${row}`), ...(/\bSections? \d/.exec(line) ?? [])];
  };
  const tests = files.filter((path) => path.startsWith('test/') && isRead(path));
  t.same(
    tests.flatMap((path) => wrongIn(path, proseOf(path), cited)),
    [],
  );
  t.end();
});

t.test('a path that is not there is found, wherever it stands', (t) => {
  const found = {
    'see `src/core/none.ts`.': ['src/core/none.ts'],
    '[a page](docs/none.md#part), test/cli/none': ['docs/none.md', 'test/cli/none'],
    'native/*.none, native/NAME.none, native/*.cc and native/NAME.cc': ['native/*.none', 'native/NAME.none'],
    'src/cli.ts, docs/, test/cli/ports, /usr/bin/none, https://example.org/docs/none.md, ../src/none.ts, src/core/x.ts':
      [],
  };
  for (const [line, wanted] of Object.entries(found)) t.same(missing(line), wanted, line);
  t.end();
});
