/**
 * Makes what a fresh clone lacks and leaves alone what is up to date.
 *
 *     node scripts/prepare.mjs [--force] packages|addon|bundle|types|reference ...
 *
 * Plain Node without dependencies: it runs before anything is installed. With nothing to do it prints nothing and
 * takes a tenth of a second, so every npm script starts with it. Built things go by age, as with make.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleCommand, bundleModules, libraries } from './bundle-sources.mjs';
import { lacking, testsWithout } from './reference-packages.mjs';
import { withLock } from './lock.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const addon = 'build/Release/superdaemon.node';
const bundle = 'dist/start_server.cjs';
const types = 'dist/index.d.cts';
const bundled = ['src', 'package.json', 'scripts/bundle-sources.mjs'];

/** In the order in which one step needs another. `lacks` gives the reason to act, in words, or nothing. */
const steps = {
  packages: { lacks: () => olderThan('node_modules/.package-lock.json', ['package-lock.json']), make: installPackages },
  addon: { lacks: () => olderThan(addon, ['native', 'binding.gyp']), make: compileAddon },
  bundle: { lacks: () => olderThan(bundle, bundled), make: bundleSources },
  types: { lacks: () => olderThan(types, [...bundled, 'scripts/prepare.mjs']), make: declareTypes },
  reference: { lacks: () => lacking().join(' '), make: installReference },
};

const forced = process.argv.includes('--force');
await prepare(process.argv.slice(2).filter((word) => word !== '--force'));

async function prepare(names) {
  const unknown = names.find((name) => !Object.hasOwn(steps, name));
  if (unknown !== undefined) fail(`unknown step: ${unknown}`);
  const wanted = Object.keys(steps).filter((name) => names.includes(name));
  if (!wanted.some(reasonFor)) return;
  await withLock(join(root, '.prepare.lock'), async () => {
    for (const name of wanted) {
      // The reason is asked for again: the process that held the lock may have done the step.
      const reason = reasonFor(name);
      if (reason) await steps[name].make(reason);
    }
  });
}

/** Why a step has to act. --force builds things again, but installs nothing again. */
function reasonFor(name) {
  return steps[name].lacks() || (forced && ['addon', 'bundle', 'types'].includes(name) ? 'asked for' : '');
}

function olderThan(output, inputs) {
  if (!existsSync(output)) return `no ${output}`;
  const made = statSync(output).mtimeMs;
  const newer = inputs.flatMap(tree).find((file) => statSync(file).mtimeMs > made);
  return newer === undefined ? '' : `${newer} is newer`;
}

/** The file, or the folder and all that is in it; the folder itself, because its age changes when a file is removed. */
function tree(path) {
  if (!statSync(path).isDirectory()) return [path];
  return [path, ...readdirSync(path).flatMap((name) => tree(join(path, name)))];
}

function installPackages(reason) {
  // Without install scripts: the addon is compiled by its own step, and esbuild and tap work without theirs.
  run(reason, 'npm', ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund']);
}

function compileAddon(reason) {
  const command = forced ? ['rebuild'] : ['configure', 'build'];
  const headers = nodeHeaders();
  const nodedir = headers === undefined ? [] : [`--nodedir=${headers}`];
  run(reason, process.execPath, ['node_modules/node-gyp/bin/node-gyp.js', ...command, '--jobs=max', ...nodedir]);
  // make does not touch the file when the change made no difference to it.
  utimesSync(addon, new Date(), new Date());
}

/** Node's own headers where they are installed; if it is not told of them, node-gyp downloads some. */
function nodeHeaders() {
  if (process.env.npm_config_nodedir) return process.env.npm_config_nodedir;
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  return existsSync(join(prefix, 'include/node/node_api.h')) ? prefix : undefined;
}

async function bundleSources(reason) {
  say(`bundling ${bundle} (${reason})`);
  const unfinished = `dist.${process.pid}`;
  try {
    await bundleModules(unfinished);
    await bundleCommand(unfinished);
  } catch {
    process.exit(1); // esbuild has said why
  }
  mkdirSync('dist', { recursive: true });
  for (const file of readdirSync(unfinished)) renameSync(`${unfinished}/${file}`, `dist/${file}`);
  rmdirSync(unfinished);
  compileCommand();
  utimesSync(bundle, new Date(), new Date()); // its age stands for that of all files
}

/** Compiles the command as the installation of the package does. Without that a start only takes longer. */
function compileCommand() {
  const { status, stderr } = spawnSync(process.execPath, ['dist/compile.cjs'], { encoding: 'utf8' });
  if (status !== 0) say(`the command is not compiled ahead: ${stderr.trim()}`);
}

/** One file of declarations for each library, under a name for each of import and require. */
function declareTypes(reason) {
  const generator = 'node_modules/dts-bundle-generator/dist/bin/dts-bundle-generator.js';
  for (const [name, source] of Object.entries(libraries)) {
    const file = `dist/${name}.d.mts`;
    run(reason, process.execPath, [generator, '--no-check', '--no-banner', '-o', file, source]);
    copyFileSync(file, `dist/${name}.d.cts`);
  }
}

/** The original and the servers that the tests compare with and load. Their absence only makes tests skip. */
function installReference(reason) {
  const packages = lacking();
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return sayWhatIsSkipped();
  const install = ['install', '--yes', '--no-install-recommends', ...packages];
  say(`installing from Debian: ${reason}`);
  if (apt(install) || (apt(['update']) && apt(install))) return;
  sayWhatIsSkipped();
}

function apt(words) {
  // In runlevel 1 packages do not start the services they bring; the tests need only the programs.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  return spawnSync('apt-get', ['--quiet=2', ...words], { env, stdio: 'ignore' }).status === 0;
}

function sayWhatIsSkipped() {
  say(`not installed: ${lacking().join(', ')}; skipped without them: ${testsWithout(lacking()).join(', ')}`);
}

/** Runs quietly; what the command printed is shown when it fails. */
function run(reason, command, words) {
  const shown = basename(command === process.execPath ? words[0] : command);
  say(`${shown} ${words.filter((word) => !word.includes('/')).join(' ')} (${reason})`);
  const { status, signal, stdout, stderr, error } = spawnSync(command, words, { encoding: 'utf8' });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  fail(`${shown} failed: ${error?.message ?? signal ?? `exit code ${status}`}`);
}

function say(line) {
  process.stderr.write(`prepare: ${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}
