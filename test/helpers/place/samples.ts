import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** The path of a file in examples/. */
export function example(name: string): string {
  return join(root, 'examples', name);
}

/** The path of a file in test/fixtures. */
export function fixture(name: string): string {
  return join(root, 'test/fixtures', name);
}
