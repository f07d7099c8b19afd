import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest directory above this one that holds a package. */
export function packageRoot(directory: string): string {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at;
    if (at === dirname(at)) return directory;
  }
}
