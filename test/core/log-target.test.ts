import t from 'tap';
import { parseLogTarget } from '../../src/core/command-line/log-target.js';

const files = ['app.log', '-', '>x.log', 'x.log ', 'cat |', ' x', '0x'];
const direct: [value: string, ...args: string[]][] = [
  ['| cat', 'cat'],
  ['|cat', 'cat'],
  [' \n|\t/usr/bin/tee   -a   F ', '/usr/bin/tee', '-a', 'F'],
  ['| exit 3', 'exit', '3'],
  ['| multilog t ./main\n', 'multilog', 't', './main'],
  ['|'],
];
const forTheShell = ['| cat > F', '| a "b c"', '| a;b', '| exec cat', '| TZ=UTC cat', '| a\nb', '| ls ~', '| a || b'];

t.test('a value without a leading | is the name of a file, whatever it looks like', (t) => {
  for (const path of files) t.same(parseLogTarget(path), { type: 'file', path });
  t.end();
});

t.test('a command without anything for a shell is split at blanks', (t) => {
  for (const [value, ...args] of direct) t.same(parseLogTarget(value), { type: 'logger', text: value, args });
  t.end();
});

t.test('any other command is for the shell', (t) => {
  for (const value of forTheShell) {
    t.same(parseLogTarget(value), { type: 'logger', text: value, args: ['/bin/sh', '-c', value.slice(2)] });
  }
  t.end();
});
