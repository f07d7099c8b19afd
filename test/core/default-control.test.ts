/** A command finds a running start_server by a variable where it is told nothing else. */
import t from 'tap';
import { withDefaultControl } from '../../src/core/command-line/default-control.js';
import { parseOptions } from '../../src/core/command-line/option-parser.js';

const lines: readonly (readonly [line: string, control: string | undefined])[] = [
  ['--restart', 'c'],
  ['--stop --timeout=5', 'c'],
  ['--show-status', 'c'],
  ['--upgrade', 'c'],
  ['--restart --control=other', 'other'],
  ['--stop --pid-file=p', undefined],
  ['--restart --pid-file=p --status-file=s', undefined],
  ['--port=80 -- P', undefined],
  ['--version', undefined],
];
t.test('START_SERVER_CONTROL=c', (t) => {
  for (const [line, control] of lines) {
    const { options } = parseOptions(line.split(' '), { posixlyCorrect: false });
    t.equal(withDefaultControl(options, 'c').control, control, line);
    for (const nothing of [undefined, '']) t.equal(withDefaultControl(options, nothing), options, 'which is not set');
  }
  t.end();
});
