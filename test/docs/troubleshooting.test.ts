/** docs/troubleshooting.md has every message of the tables, and of the few places beside them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import ts from 'typescript';
import { textOf } from '../helpers/docs/doc-blocks.js';

const root = join(import.meta.dirname, '../..');
const page = textOf('docs/troubleshooting.md');

/** Parts of a message: `failures.ofOption` and its like only join others. */
const shortest = 6;

/** The constant pieces of every message in a table, up to the remedy: `failed to bind to `, ` died, status:` ... */
function piecesIn(file: string): Map<string, string[]> {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const found = new Map<string, string[]>();
  const look = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isArrowFunction(node.initializer)) {
      const sentences = beginnings(node.initializer.body);
      found.set(node.name.getText(), sentences.flatMap(piecesOf));
    } else ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

/** The texts with which a message may begin; `a + b` begins with a, `x ? a : b` with either. */
function beginnings(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) {
    return [[node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('\0')];
  }
  if (ts.isConditionalExpression(node)) return [...beginnings(node.whenTrue), ...beginnings(node.whenFalse)];
  if (ts.isParenthesizedExpression(node)) return beginnings(node.expression);
  if (ts.isBinaryExpression(node)) return beginnings(node.left);
  return [];
}

function piecesOf(sentence: string): string[] {
  const [untilRemedy = ''] = sentence.split(';', 1);
  return untilRemedy.split('\0').filter((piece) => piece.trim().length >= shortest);
}

const tables = ['src/core/loop/messages.ts', 'src/core/text/control-messages.ts', 'src/core/text/failures.ts'];
for (const table of tables) {
  t.test(`every message of ${table}`, (t) => {
    const messages = piecesIn(table);
    t.ok(messages.size > 5, 'the table was read');
    for (const [name, pieces] of messages)
      for (const piece of pieces) t.ok(page.includes(piece.trim()), `${name}: ${piece}`);
    t.end();
  });
}

/** Messages that are in no table, with the place that has them. */
const beside: readonly (readonly [file: string, text: string])[] = [
  ['bin/start_server', ', which is too old; '],
  ['bin/start_server', ' cannot be read; install superdaemon again'],
  ['src/cli.ts', 'start_server: internal error: '],
  ['src/system/engine/addon.ts', 'the native part of superdaemon cannot be loaded from '],
  ['src/system/output/line-writer.ts', ' lines were dropped while the log was not read'],
  ['native/spawn.cc', 'failed to exec '],
  ['native/spawn.cc', 'failed to chdir:'],
  ['native/spawn.cc', 'failed to pass on the descriptors of '],
];
t.test('messages beside the tables', (t) => {
  for (const [file, text] of beside) {
    t.ok(readFileSync(join(root, file), 'utf8').includes(text), `${file} says: ${text}`);
    t.ok(page.includes(text.trim()), text);
  }
  t.end();
});

t.test('a message without an entry is noticed', (t) => {
  t.same(piecesOf('failed to bind to \0:\0; \0'), ['failed to bind to ']);
  t.notOk(page.includes('failed to fly'));
  t.end();
});
