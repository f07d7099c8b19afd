import t from 'tap';
import { inOneLine, lastWords, sameWords } from '../../src/core/report/last-words.js';

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${String(index + 1)}`);

t.test('a short output is shown as it is', (t) => {
  for (const lines of [[], ['one'], numbered(20)]) t.same(lastWords(lines, []), lines);
  t.end();
});

t.test('of a long one the first and the last lines', (t) => {
  const lines = numbered(50);
  const shown = [...lines.slice(0, 10), '...', ...lines.slice(-10)];
  t.same(lastWords(lines, []), shown);
  t.same(lastWords(lines.slice(0, 20), lines.slice(30)), shown, 'read in two parts');
  t.same(lastWords(lines.slice(0, 10), lines.slice(-10)), shown, 'with nothing between them');
  t.end();
});

const names = [
  'Error: Cannot find module',
  'TypeError: x is not a function',
  'Error [ERR_MODULE_NOT_FOUND]: Cannot find module',
  'ModuleNotFoundError: No module named',
  'sqlalchemy.exc.OperationalError: no such table',
  'Caused by: java.io.IOException: no such file',
  'Exception in thread "main" java.lang.RuntimeException: cannot start',
  'panic: assignment to entry in nil map',
  "app.rb:1:in `require': cannot load such file -- x (LoadError)",
  'app.rb:1: bad (Foo::BarError)',
  'broken at app.pl line 7.',
];
const noNames = [
  '    at f (app.js:1:1)',
  '\tmain::f(3) called at app.pl line 1',
  'no errors so far',
  'listening: 8080',
];
t.test('a line between them that names an error is kept', (t) => {
  const around = (name: string) => [...numbered(20), name, ...numbered(20)];
  const short = [...numbered(10), '...'];
  for (const name of names)
    t.same(lastWords(around(name), []), [...short, name, '...', ...numbered(20).slice(-10)], name);
  for (const name of noNames) t.same(lastWords(around(name), []), [...short, ...numbered(20).slice(-10)], name);
  t.end();
});

t.test('a minified line is cut', (t) => {
  const [shown = ''] = lastWords(['x'.repeat(100_000)], []);
  t.equal(shown, `${'x'.repeat(500)}...`);
  t.end();
});

t.test('in one line: the first and, behind it, the name of the error', (t) => {
  const ofNode = ['', '/srv/app/dist/command.js:13', '  if (', '', 'SyntaxError: Unexpected end of input', '    at f'];
  t.equal(inOneLine(ofNode), '/srv/app/dist/command.js:13: SyntaxError: Unexpected end of input');
  t.equal(inOneLine(['Unknown option: x', 'try --help']), 'Unknown option: x');
  t.equal(inOneLine(['Error: one', 'Error: two']), 'Error: one');
  t.equal(inOneLine(['', ' ']), undefined);
  t.end();
});

t.test('two failures are the same but for their numbers', (t) => {
  t.ok(sameWords(['at 12:03, pid 4711'], ['at 12:04, pid 4799']));
  t.ok(sameWords([], []));
  t.notOk(sameWords(['one'], ['two']));
  t.notOk(sameWords(['one'], []));
  t.end();
});
