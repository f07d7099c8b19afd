import t from 'tap';
import { suggestion } from '../../src/core/suggestion.js';

const names = ['port', 'host', 'path', 'retireSignal', 'limit', 'restart', 'max-failures'];

const table: readonly (readonly [typed: string, meant: string | undefined])[] = [
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

t.test('what was probably meant', (t) => {
  for (const [typed, meant] of table) t.equal(suggestion(typed, names), meant, typed);
  t.equal(suggestion('port', []), undefined);
  t.end();
});
