/** Every error that an operator can cause has its words in a table. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import t from 'tap';
import ts from 'typescript';

/** What makes a failure out of a text. */
const makers = new Set(['usageFailure', 'unableFailure', 'attempt', 'StarterError', 'refused', 'message']);
/** Their errors are thrown at programs, and no command prints them. */
const forPrograms = new Set(['server-ports.ts']);

const root = join(import.meta.dirname, '../..');

t.test('no text of a failure stands anywhere else', (t) => {
  const files = ['core', 'system', 'service', 'commands'].flatMap((layer) => {
    const names = readdirSync(join(root, 'src', layer), { recursive: true, encoding: 'utf8' });
    return names
      .filter((name) => name.endsWith('.ts') && !forPrograms.has(basename(name)))
      .map((name) => join(layer, name));
  });
  t.ok(files.length > 50);
  t.same(
    files.flatMap((file) => textsIn(join(root, 'src', file))),
    [],
  );
  t.same(textsIn('x.ts', "unableFailure('a b'); attempt(f, (r) => `c ${r}`); x = { message: 'd e' };").length, 3);
  t.end();
});

/** Literals with a blank in them among the arguments and values of the makers. */
function textsIn(file: string, content = readFileSync(file, 'utf8')): string[] {
  const found: string[] = [];
  const look = (node: ts.Node, inMaker: boolean): void => {
    if (/^(?:failures|messages|controlMessages)\./.test(node.getText())) return;
    const text = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) ? node.getText() : '';
    if (inMaker && text.includes(' ')) found.push(`${file}: ${text}`);
    ts.forEachChild(node, (child) => look(child, inMaker || nameOf(node, child)));
  };
  look(ts.createSourceFile(file, content, ts.ScriptTarget.Latest, true), false);
  return found;
}

function nameOf(node: ts.Node, child: ts.Node): boolean {
  if (ts.isPropertyAssignment(node)) return makers.has(node.name.getText());
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  return child !== node.expression && makers.has(node.expression.getText());
}
