import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest directory above this one that holds a package. */
export function packageRoot(directory: string): string {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at;
    if (at === dirname(at)) return directory;
  }
}

/** A file of the package that `directory` lies in: built there, or shipped for this platform. */
export function nativeFile(directory: string, name: 'preload.so' | 'sleeper'): string | undefined {
  const root = packageRoot(directory);
  const shipped = join('prebuilds', `${process.platform}-${process.arch}`);
  return [join('build', 'Release'), shipped].map((place) => join(root, place, name)).find((file) => existsSync(file));
}
