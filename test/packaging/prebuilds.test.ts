/** The binaries that are shipped are those of scripts/prebuild.mjs and of these sources, and ask for no more than node. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { readMachO } from '../helpers/packaging/mach-o.js';
import { compareVersions, newestVersion, oldest } from '../helpers/packaging/symbol-versions.js';
import { workspace } from '../helpers/place/workspace.js';
import { onlyThorough } from '../helpers/thorough.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const shipped = join(root, 'prebuilds');

interface Checksums {
  sources: string;
  files: Record<string, { sha256: string; compiler: string }>;
}

function recordIn(directory: string): Checksums {
  return JSON.parse(readFileSync(join(directory, 'checksums.json'), 'utf8')) as Checksums;
}

function sum(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

const recorded = recordIn(shipped);
const files = Object.keys(recorded.files);

t.test('the files are those of checksums.json', (t) => {
  const found = readdirSync(shipped, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('/'));
  t.same(found.sort(), [...files].sort());
  for (const file of files) t.equal(sum(join(shipped, file)), recorded.files[file]?.sha256, file);
  t.end();
});

function prebuild(...options: readonly string[]) {
  return spawnSync(process.execPath, [join(root, 'scripts/prebuild.mjs'), ...options], { encoding: 'utf8' });
}

t.test('the sources and the recipe are still those that they were made from', (t) => {
  const { status, stdout, stderr } = prebuild('--sources');
  t.same({ status, stderr }, { status: 0, stderr: '' });
  t.equal(stdout, `${recorded.sources}\n`, "native/ or the recipe has changed since: 'npm run make-prebuilds'");
  t.end();
});

t.test('they are what the sources make', { skip: onlyThorough }, (t) => {
  const directory = workspace(t);
  const { status, stderr } = prebuild(`--into=${directory}`, '--present');
  if (stderr.includes('no headers of node')) {
    t.pass('no fresh ones', { skip: stderr.trim() });
    t.end();
    return;
  }
  t.equal(status, 0, stderr);
  const fresh = recordIn(directory);
  for (const file of files) {
    const why = stderr.split('\n').find((line) => line.includes(`${file} is left out`));
    if (why === undefined) t.equal(fresh.files[file]?.sha256, recorded.files[file]?.sha256, file);
    else t.pass(file, { skip: why });
  }
  t.end();
});

/** The part of readelf's output that says what a file needs, and what it offers. */
function readelf(file: string) {
  const { stdout } = spawnSync('readelf', ['--wide', '--file-header', '--dynamic', '--dyn-syms', '--notes', file], {
    encoding: 'utf8',
  });
  const symbols = [...stdout.matchAll(/ (GLOBAL|WEAK) +DEFAULT +(UND|\d+) (\S+)/g)];
  return {
    machine: /Machine: +(.*)/.exec(stdout)?.[1],
    needed: [...stdout.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, library]) => library),
    offered: symbols.filter(([, , section]) => section !== 'UND').map(([, , , name]) => name),
    hasBuildId: stdout.includes('Build ID'),
  };
}

const elves = files.filter((file) => file.startsWith('linux-') && file.endsWith('.node'));
const noReadelf = spawnSync('readelf', ['--version']).status === 0 ? false : 'readelf of binutils is not installed';

t.test('the Linux files need what node has loaded already', { skip: noReadelf }, (t) => {
  for (const file of elves) {
    const machine = file.includes('arm64') ? 'AArch64' : 'Advanced Micro Devices X86-64';
    const needed = file.includes('musl') ? ['libc.so'] : ['libstdc++.so.6', 'libc.so.6'];
    const offered = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];
    const { offered: found, ...rest } = readelf(join(shipped, file));
    t.same({ ...rest, offered: found.sort() }, { machine, needed, offered, hasBuildId: false }, file);
  }
  t.end();
});

t.test(
  'the preloaded libraries need nothing at all, and take the place of three functions',
  { skip: noReadelf },
  (t) => {
    for (const [file, machine] of [
      ['linux-x64/preload.so', 'Advanced Micro Devices X86-64'],
      ['linux-arm64/preload.so', 'AArch64'],
    ] as const) {
      const { offered, ...rest } = readelf(join(shipped, file));
      t.same(rest, { machine, needed: [], hasBuildId: false }, file);
      const own = ['superdaemon_launched', 'superdaemon_release'];
      t.same(offered.sort(), ['pthread_create', 'pthread_sigmask', 'sigaction', ...own], file);
      for (const [library] of oldest) t.same(newestVersion(join(shipped, file), library), [], `${file}: no ${library}`);
    }
    t.end();
  },
);

t.test('those for glibc ask for none newer than 2.17, those for musl for no glibc', (t) => {
  for (const file of elves)
    for (const [library, limit] of oldest) {
      const version = newestVersion(join(shipped, file), library);
      if (file.includes('musl')) t.same(version, [], `${file}: no ${library}`);
      else t.ok(version.length > 0 && compareVersions(version, limit) <= 0, `${file}: ${library} ${version.join('.')}`);
    }
  t.end();
});

for (const [file, cpu] of [
  ['darwin-x64/superdaemon.node', 'x86_64'],
  ['darwin-arm64/superdaemon.node', 'arm64'],
] as const)
  t.test(`${file} is for ${cpu}`, (t) => {
    const { looksFor, ...rest } = readMachO(join(shipped, file));
    const libraries = ['/usr/lib/libSystem.B.dylib'];
    t.match(rest, { cpu, type: 'dylib', minimum: '11.0', libraries });
    t.ok(rest.isSigned || cpu !== 'arm64', 'signed where it has to be');
    t.ok(looksFor.includes('_napi_create_function'), 'the functions of node are looked for in node');
    t.same(
      looksFor.filter((name) => !/^_(napi|uv)_/.test(name)),
      [],
    );
    t.end();
  });
