/**
 * Plays the attacks of docs/security.md at length: signals at every millisecond of a start, storms of a million, floods of
 * messages. `npm test` plays the same in seconds.
 *
 *     npm run attack [-- FILE ...]          all of test/security, or these files of it
 *
 * The exit code is that of the tests.
 */
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

const named = process.argv.slice(2);
const files = named.length > 0 ? named : ['test/security'];
const { status } = spawnSync(process.execPath, ['scripts/run-tests.mjs', '--timeout=0', ...files], {
  env: { ...process.env, SUPERDAEMON_RELIABILITY: 'full' },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
