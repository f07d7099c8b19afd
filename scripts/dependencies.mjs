/**
 * npm run dependencies: what the packages bring along. Prints what is wrong, and ends with exit code 1 then.
 *
 *     node scripts/dependencies.mjs [--offline] [--root=DIRECTORY]
 *
 * The lock file: every package has a checksum, comes from the registry that npm is set to (no address, no git, no
 * file), and is what package.json asks for. Licences: of every installed package, from the list below. Then `npm audit`
 * of what users install, unless --offline; where the registry gives no answer, that is said, and is no failure.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';

const { values } = parseArgs({ options: { offline: { type: 'boolean' }, root: { type: 'string' } } });
const root = values.root ?? dirname(dirname(fileURLToPath(import.meta.url)));

/** Licences that ask for no more than to be named. What users install is MIT; the others are those of our tools. */
const permissive = new Set([
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'CC-BY-3.0', 'CC-BY-4.0'],
  ...['ISC', 'MIT', 'MIT-0', 'Python-2.0', 'Unlicense', 'WTFPL', 'Zlib', 'MPL-2.0'],
]);
const forUsers = new Set(['MIT']);
/** Packages whose package.json names no licence, and where it is told instead. */
const toldElsewhere = new Map([['node_modules/jsonc-simple-parser', 'MIT']]); // its file `license`

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
const complaints = [...mismatches(), ...packages.flatMap(unfounded), ...packages.flatMap(unlicensed)];
for (const complaint of complaints) process.stderr.write(`dependencies: ${complaint}\n`);
process.stdout.write(`dependencies: ${packages.length} packages in the lock file, ${complaints.length} complaints\n`);
if (complaints.length > 0) process.exitCode = 1;
if (!values.offline) audit();

function mismatches() {
  const locked = lock.packages[''] ?? {};
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  const old = lock.lockfileVersion === 3 ? [] : [`the lock file has version ${lock.lockfileVersion}, not 3`];
  const differing = kinds.filter((kind) => !isDeepStrictEqual(locked[kind] ?? {}, manifest[kind] ?? {}));
  return [...old, ...differing.map((kind) => `${kind} of package.json and of the lock file differ: npm install`)];
}

function unfounded([path, { integrity, resolved, link, version, inBundle }]) {
  const wrong = [];
  // A package that is bundled in another one is covered by the checksum of that one.
  if (!inBundle && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '')) wrong.push('has no sha512 checksum');
  if (resolved !== undefined) wrong.push(`names the place ${resolved}`);
  if (link) wrong.push('is a link to a directory');
  if (!/^\d+\.\d+\.\d+/.test(version ?? '')) wrong.push(`has no version from a registry (${version})`);
  return wrong.map((what) => `${path} ${what}`);
}

function unlicensed([path, { dev, devOptional, optional, license }]) {
  const file = join(root, path, 'package.json');
  if (!existsSync(file) && license === undefined) return []; // of another platform, and without a word in the lock file
  const found = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { license };
  const named = toldElsewhere.get(path) ?? nameOf(found);
  const allowed = dev || devOptional || optional ? permissive : forUsers;
  return isAllowed(named, allowed) ? [] : [`${path} has the licence ${named}, which is not on the list`];
}

/** In an old package it is an object or a list of them. */
function nameOf({ license, licenses }) {
  const given = license ?? licenses;
  if (Array.isArray(given)) return given.map(({ type }) => type).join(' OR ');
  return typeof given === 'object' && given !== null ? given.type : String(given);
}

/** `(MIT OR GPL-3.0)` leaves the choice, `MIT AND Zlib` does not. */
function isAllowed(expression, allowed) {
  return expression
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((name) => allowed.has(name.trim())));
}

function audit() {
  const words = ['audit', '--omit=dev', '--json'];
  const { stdout, error } = spawnSync('npm', words, { cwd: root, encoding: 'utf8', timeout: 60_000 });
  const report = answer(stdout);
  if (report?.metadata?.vulnerabilities === undefined) {
    const reason = error?.message ?? report?.message ?? report?.error?.summary ?? 'nothing that can be read';
    process.stdout.write(`dependencies: npm audit: the registry gave no answer (${reason}); nothing is known\n`);
    return;
  }
  const { total } = report.metadata.vulnerabilities;
  process.stdout.write(`dependencies: npm audit: ${total} known vulnerabilities in what users install\n`);
  for (const name of Object.keys(report.vulnerabilities ?? {}))
    process.stderr.write(`dependencies: npm audit: ${name}\n`);
  if (total > 0) process.exitCode = 1;
}

function answer(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON: the answer may be that of a proxy
  }
}
