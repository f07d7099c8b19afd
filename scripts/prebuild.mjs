/**
 * Makes the binaries that are shipped, byte for byte the same each time, and records their checksums beside them.
 *
 *     node scripts/prebuild.mjs [--into=DIR] [--present]
 *     node scripts/prebuild.mjs --sources
 *
 * With --present it makes only those whose compiler is here in the version that prebuilds/checksums.json tells, and says
 * which it leaves out. With --sources it makes nothing, and prints the digest of what they are made from. Linux on x64
 * only; the other targets are cross-compiled, by compilers that are fetched as needed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { commandOf, environment, fetchCompiler, versionOf } from './prebuild-compilers.mjs';
import { targets } from './prebuild-targets.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

const { values } = parseArgs({
  options: {
    into: { type: 'string', default: 'prebuilds' },
    present: { type: 'boolean', default: false },
    sources: { type: 'boolean', default: false },
  },
});
if (values.sources) {
  process.stdout.write(`${digestOf(...sources())}\n`);
  process.exit();
}
const scratch = mkdtempSync(join(tmpdir(), 'superdaemon-prebuild-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const headers = nodeHeaders();
const recipes = readRecipes();
const files = {};
for (const target of targets) {
  const version = values.present ? sameVersion(target) : anyVersion(target);
  if (version !== undefined) files[target.file] = { sha256: make(target), compiler: version };
}
writeFileSync(
  join(values.into, 'checksums.json'),
  `${JSON.stringify({ sources: digestOf(...sources()), files }, null, 2)}\n`,
);

function anyVersion({ compiler }) {
  const version = versionOf(compiler);
  if (version !== undefined) return version;
  const trouble = fetchCompiler(compiler);
  return trouble === undefined ? versionOf(compiler) : fail(trouble);
}

function sameVersion({ file, compiler }) {
  const recorded = JSON.parse(readFileSync('prebuilds/checksums.json', 'utf8')).files[file]?.compiler;
  const version = versionOf(compiler);
  if (version === recorded) return version;
  say(`${file} is left out: it was made by ${recorded}, here is ${version ?? 'none'}`);
}

/** Gives the SHA-256 of the file. */
function make({ file, from, compiler, flags, exported }) {
  const output = join(values.into, file);
  mkdirSync(dirname(output), { recursive: true });
  const [command, ...words] = commandOf(compiler);
  const linked = exported === undefined ? [] : [`-Wl,--version-script=${scratchFile('exported', exported)}`];
  const strict = [`-ffile-prefix-map=${headers}=node`, '-Werror'];
  say(output);
  const { sources, common } = recipes[from];
  const all = [...words, ...flags, ...common, ...strict, ...linked];
  // zig puts the name of the output into the signature, so that has to be the same wherever the file goes.
  const { status, stderr } = spawnSync(command, [...all, ...sources, '-o', output], {
    encoding: 'utf8',
    env: environment(),
  });
  if (status !== 0) fail(`${command} failed:\n${stderr}`);
  return digestOf(output);
}

/** What binding.gyp says for both ways to build, by the names of the targets. */
function readRecipes() {
  // The file is Python; without its comments, and with other quotes, it is JSON.
  const text = readFileSync('binding.gyp', 'utf8').replace(/^\s*#.*$/gm, '');
  const [addon, preload, sleeper] = JSON.parse(text).targets;
  const includes = [headers, 'node_modules/node-addon-api'].flatMap((directory) => ['-isystem', directory]);
  const defines = [...addon.defines, 'BUILDING_NODE_EXTENSION'].map((name) => `-D${name}`);
  return {
    superdaemon: { sources: addon.sources, common: [...addon.cflags_cc, ...defines, ...includes] },
    preload: forLinux(preload),
    sleeper: forLinux(sleeper),
  };
}

/** What applies to Linux only, and beyond that to the machines for which there are binaries. */
function forLinux({ conditions: [[, linux]] }) {
  const more = linux.conditions.filter(([when]) => when.includes('target_arch')).map(([, part]) => part);
  const all = (name) => [linux, ...more].flatMap((part) => part[name] ?? []);
  return { sources: linux.sources, common: [...all('cflags_c'), ...all('ldflags')] };
}

function scratchFile(name, content) {
  const file = join(scratch, name);
  writeFileSync(file, content);
  return file;
}

/** The files that a binary is made from. When one of them changes, new binaries are needed. */
function sources() {
  const native = readdirSync('native', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, path = parentPath, name }) => `${path}/${name}`);
  const addonApi = ['napi-inl.deprecated.h', 'napi-inl.h', 'napi.h'].map(
    (name) => `node_modules/node-addon-api/${name}`,
  );
  return [
    'binding.gyp',
    ...native.sort(),
    ...addonApi,
    'scripts/prebuild-targets.mjs',
    'scripts/zig/package-lock.json',
  ];
}

function digestOf(...names) {
  const hash = createHash('sha256');
  for (const name of names) hash.update(readFileSync(name));
  return hash.digest('hex');
}

/** The headers of the running node. A version of Node-API is the same in all of them. */
function nodeHeaders() {
  const prefix = process.env.npm_config_nodedir || dirname(dirname(realpathSync(process.execPath)));
  const directory = join(prefix, 'include/node');
  if (existsSync(join(directory, 'node_api.h'))) return directory;
  return fail(`no headers of node in ${directory}; npm_config_nodedir=PREFIX names others`);
}

function say(line) {
  process.stderr.write(`prebuild: ${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}
