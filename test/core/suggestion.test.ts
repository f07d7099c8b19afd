import t from 'tap';
import { optionTable } from '../../src/core/command-line/option-table.js';
import { distance, suggestion, suggestionFor } from '../../src/core/text/suggestion.js';

const distances: readonly (readonly [from: string, to: string, distance: number])[] = [
  ['', '', 0],
  ['port', 'port', 0],
  ['prot', 'port', 1],
  ['pot', 'port', 1],
  ['ports', 'port', 1],
  ['pert', 'port', 1],
  ['restrat', 'restart', 1],
  ['signal_on_hup', 'signal-on-hup', 2],
  ['', 'port', 4],
  ['abc', 'xyz', 3],
];
t.test('the distance of two words', (t) => {
  for (const [from, to, expected] of distances) {
    t.equal(distance(from, to), expected, `${from} ${to}`);
    t.equal(distance(to, from), expected, `${to} ${from}`);
  }
  t.end();
});

const suggestions: readonly (readonly [typed: string, expected: string | undefined])[] = [
  ['prot', '--port'],
  ['restrat', '--restart'],
  ['pid_file', '--pid-file'],
  ['log-flie', '--log-file'],
  ['signal_on_hup', '--signal-on-hup'],
  ['max-fail', '--max-failures'],
  ['show', '--show-status'],
  ['contrl', '--control'],
  ['timout', '--timeout'],
  ['max', undefined], // two of them
  ['o', undefined],
  ['nodaemonize', undefined],
  ['verbose', undefined],
  ['workers', undefined],
];
t.test('a suggestion only where it is close', (t) => {
  for (const [typed, expected] of suggestions) t.equal(suggestionFor(typed, optionTable), expected, typed);
  t.end();
});

const names = ['port', 'host', 'path', 'retireSignal', 'limit', 'restart', 'max-failures'];

const meanings: readonly (readonly [typed: string, meant: string | undefined])[] = [
  ['prot', 'port'],
  ['ports', 'port'],
  ['por', 'port'],
  ['retiresignal', 'retireSignal'],
  ['retireSingals', 'retireSignal'],
  ['restrat', 'restart'],
  ['max-fail', 'max-failures'],
  ['limt', 'limit'],
  ['timeout', undefined],
  ['p', undefined],
  ['', undefined],
];
t.test('a name among others', (t) => {
  for (const [typed, meant] of meanings) t.equal(suggestion(typed, names), meant, typed);
  t.equal(suggestion('port', []), undefined);
  t.end();
});
