/** What was measured: pages with figures name it, so that nobody takes those of another version for this one's. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** For example `superdaemon 1.0.0 (sources 1f2e3d4c5b6a)`: the version, and a digest of all that makes the command. */
export function measured() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const hash = createHash('sha256');
  for (const file of sources())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return `superdaemon ${version} (sources ${hash.digest('hex').slice(0, 12)})`;
}

function sources() {
  const inside = ['src', 'native'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, path = parentPath, name }) => join(path, name).slice(root.length + 1)),
  );
  return ['bin/start_server', 'binding.gyp', ...inside.sort()];
}
