import t from 'tap';
import { parseSignal, signalNumbers } from '../../src/core/command-line/signal-name.js';

const names = { SIGHUP: 1, SIGIOT: 6, SIGKILL: 9, SIGUSR1: 10, SIGTERM: 15, SIGCHLD: 17, SIGSTOP: 19, SIGPOLL: 29 };
const linux = { names, highest: 64 };
const macos = { names: { ...names, SIGUSR1: 30, SIGCHLD: 20 }, highest: 31 };

const accepted: readonly (readonly [string, string, number])[] = [
  ['USR1', 'USR1', 10],
  ['SIGUSR1', 'USR1', 10],
  ['usr1', 'USR1', 10],
  ['SigUsr1', 'USR1', 10],
  ['SIGSIGUSR1', 'SIGUSR1', 10],
  ['10', '10', 10],
  ['010', '010', 10],
  ['SIG10', '10', 10],
  ['64', '64', 64],
  ['KILL', 'KILL', 9],
  ['', 'TERM', 15],
  ['0', 'TERM', 15],
  ['RTMIN', 'RTMIN', 34],
  ['RTMAX', 'RTMAX', 64],
  ['NUM32', 'NUM32', 32],
  ['NUM35', 'NUM35', 35],
  ['num63', 'NUM63', 63],
  ['CHLD', 'CHLD', 17],
  ['CLD', 'CLD', 17],
  ['IOT', 'IOT', 6],
  ['POLL', 'POLL', 29],
  ['STOP', 'STOP', 19],
];
// prettier-ignore
const refused = [
  'ZERO', '99', '65', '00', '-10', '-USR1', '+10', '1_0', ' USR1', 'USR1 ', 'USR1\n', 'RTMIN+1', 'BOGUS', 'SIG', 'SIG0', 'SIGSIG10',
  'SIGSIGSIGUSR1', 'NUM34', 'NUM64', 'NUM31', '\xb5', 'constructor', 'toString',
];

t.test('names and numbers', (t) => {
  for (const [text, name, number] of accepted)
    t.same(parseSignal(text, linux), { ok: true, value: { name, number } }, text);
  for (const text of refused)
    t.match(parseSignal(text, linux), { ok: false, error: { exitCode: 1 } }, JSON.stringify(text));
  t.same(parseSignal('a\nb', linux), {
    ok: false,
    error: {
      message: 'unknown signal "a\\nb"; give a name such as TERM or USR1, or a number from 1 to 64',
      exitCode: 1,
    },
  });
  t.end();
});

t.test('a system without real-time signals', (t) => {
  t.same(parseSignal('sigusr1', macos), { ok: true, value: { name: 'USR1', number: 30 } });
  for (const text of ['RTMIN', 'NUM35', 'CLD', '32']) t.equal(parseSignal(text, macos).ok, false, text);
  t.equal(signalNumbers(macos).size, 8);
  t.end();
});
