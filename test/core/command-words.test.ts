/** A command line as it is shown, however it was typed. */
import t from 'tap';
import { commandWords, givenOptions } from '../../src/core/command-line/command-words.js';
import { parseOptions } from '../../src/core/command-line/option-parser.js';

const shown: readonly (readonly [typed: readonly string[], words: readonly string[]])[] = [
  [['P'], ['--', 'P']],
  [
    ['--port', '8080', '--int', '5', '--', 'P', '--port=1'],
    ['--port=8080', '--interval=5', '--', 'P', '--port=1'],
  ],
  [
    ['--path=b', '--path=a', '--daemonize', '--log-file=l', 'P'],
    ['--path=b', '--path=a', '--log-file=l', '--daemonize', '--', 'P'],
  ],
  [
    ['--interval=1', '--interval=2', 'P'],
    ['--interval=2', '--', 'P'],
  ],
  [
    ['--stop-timeout=99999999999999999999', '--interval=1_000', 'P'],
    ['--interval=1000', '--stop-timeout=100000000000000000000', '--', 'P'],
  ],
  [
    ['--pid-file', '', 'P'],
    ['--pid-file', '', '--', 'P'],
  ],
  [
    ['--reconfigure', '--check', '--timeout=5', '--control=c', '--', 'P', ''],
    ['--control=c', '--', 'P', ''],
  ],
];

t.test('each option in full, in the order of the table, and none that asks for something else', (t) => {
  for (const [typed, words] of shown) {
    const { options, program, errors } = parseOptions(typed, { posixlyCorrect: false });
    t.same(errors, []);
    t.same(commandWords({ given: givenOptions(options), program }), words, typed.join(' '));
  }
  t.end();
});

t.test('what is shown means the same when it is typed', (t) => {
  for (const [, words] of shown) {
    const { options, program } = parseOptions(words, { posixlyCorrect: false });
    t.same(commandWords({ given: givenOptions(options), program }), words);
  }
  t.end();
});
