import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';

const binary = join(import.meta.dirname, '..', '..', 'build', 'Release', 'superdaemon.node');

/** The newest version of a library's symbols that the binary asks for, as [major, minor, patch]. */
function newest(prefix: string): number[] {
  const versions = readFileSync(binary, 'latin1').matchAll(new RegExp(`\\0${prefix}_([0-9.]+)(?=\\0)`, 'g'));
  const numbers = [...versions].map(([, version = '']) => version.split('.').map(Number));
  return numbers.sort(compare).at(-1) ?? [];
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((number, index) => number !== other[index]);
  return at < 0 ? -1 : (one[at] ?? 0) - (other[at] ?? 0);
}

// Official Node asks for GLIBC_2.28 and GLIBCXX_3.4.21: the addon must not be what keeps it from an old distribution.
t.test('the binary asks for no newer libraries than Node does', { skip: process.platform !== 'linux' }, (t) => {
  const table: [library: string, limit: number[]][] = [
    ['GLIBC', [2, 17]],
    ['GLIBCXX', [3, 4, 21]],
    ['CXXABI', [1, 3, 9]],
  ];
  for (const [library, limit] of table) {
    const version = newest(library);
    t.ok(version.length > 0 && compare(version, limit) <= 0, `${library} ${version.join('.')}`);
  }
  t.end();
});
