import { join } from 'node:path';
import t from 'tap';
import { compareVersions, newestVersion, oldest } from '../helpers/packaging/symbol-versions.js';

const binary = join(import.meta.dirname, '..', '..', 'build', 'Release', 'superdaemon.node');

// Official Node asks for GLIBC_2.28 and GLIBCXX_3.4.21: the addon must not be what keeps it from an old distribution.
t.test('the binary asks for no newer libraries than Node does', { skip: process.platform !== 'linux' }, (t) => {
  for (const [library, limit] of oldest) {
    const version = newestVersion(binary, library);
    t.ok(version.length > 0 && compareVersions(version, limit) <= 0, `${library} ${version.join('.')}`);
  }
  t.end();
});
