import { readFileSync } from 'node:fs';

/** The newest versions that the addon may ask for: those that official Node needs, or older ones for old distributions. */
export const oldest: readonly (readonly [library: string, version: readonly number[]])[] = [
  ['GLIBC', [2, 17]],
  ['GLIBCXX', [3, 4, 21]],
  ['CXXABI', [1, 3, 9]],
];

/** The newest version of a library's symbols that an ELF file asks for; empty where it asks for none. */
export function newestVersion(file: string, library: string): readonly number[] {
  const versions = readFileSync(file, 'latin1').matchAll(new RegExp(`\\0${library}_([0-9.]+)(?=\\0)`, 'g'));
  const numbers = [...versions].map(([, version = '']) => version.split('.').map(Number));
  return numbers.sort(compareVersions).at(-1) ?? [];
}

export function compareVersions(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((number, index) => number !== other[index]);
  return at < 0 ? -1 : (one[at] ?? 0) - (other[at] ?? 0);
}
