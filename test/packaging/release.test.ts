/**
 * The checklist of docs/releasing.md, walked as far as a program can. What is true only when a version is about to be
 * published is asked for by `npm run release:check`; otherwise it is skipped, with what is missing.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { measured } from '../../scripts/measured.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };
const isRelease = process.env['SUPERDAEMON_RELEASE'] !== undefined;

/** What is wrong, a line for each; nothing where all is well. */
type Look = () => readonly string[];

/** What every commit keeps true. */
const always: Readonly<Record<string, Look>> = {
  'One version': () => {
    const { version: locked, packages } = JSON.parse(read('package-lock.json')) as {
      version: string;
      packages: Readonly<Record<string, { readonly version: string }>>;
    };
    const tarballs = ['README.md', 'docs/installation.md'].flatMap((page) =>
      captured(page, /superdaemon-([\d.]+)\.tgz/g),
    );
    const found = {
      'package-lock.json': [locked, packages['']?.version],
      'man/start_server.1': captured('man/start_server.1', /^\.Os superdaemon (\S+)$/gm),
      'start_server --version': [versionTold()],
      'names of tarballs': tarballs,
      'README.md, status': captured('README.md', /^Version ([\d.]+),/gm),
      'CHANGELOG.md': captured('CHANGELOG.md', /^## \[(\d[^\]]*)\]/gm).slice(0, 1),
    };
    return Object.entries(found).flatMap(([place, names]) =>
      names.length > 0 && names.every((name) => name === version) ? [] : [`${place}: ${names.join(', ')}`],
    );
  },
};

/** What has to be true of a version. */
const atRelease: Readonly<Record<string, Look>> = {
  'CHANGELOG.md is cut': () => {
    const [, unreleased = ''] = /^## \[Unreleased\]\n(.*?)^## \[/ms.exec(read('CHANGELOG.md')) ?? [];
    const days = captured('CHANGELOG.md', /^## \[\d[^\]]*\] - (\S+)$/gm);
    return [
      ...(unreleased.trim() === '' ? [] : ['there are lines under Unreleased']),
      ...(days[0] !== undefined && !Number.isNaN(Date.parse(days[0])) ? [] : ['the version has no day']),
    ];
  },
  'Versions of node': () => {
    const table = /<!-- nodes:begin -->(.*?)<!-- nodes:end -->/s.exec(read('docs/installation.md'))?.[1] ?? '';
    const failed = Array.from(table.matchAll(/^\| v(\d+)\S* +\| (\d+) +\| (\d+) /gm));
    const majors = failed.map(([, major]) => major).join(' ');
    return [
      ...of('docs/installation.md', table),
      ...(majors === '20 22 24 26' ? [] : [`the versions are ${majors}`]),
      ...failed.filter(([, , , number]) => number !== '0').map(([row]) => row),
    ];
  },
  Soak: () => {
    const told = /<!-- soak:begin -->\s*(.*?)\n/s.exec(read('docs/reliability.md'))?.[1] ?? '';
    const minutes = Number(/all at once for (\d+) of them/.exec(told)?.[1] ?? 0);
    return [...of('docs/reliability.md', told), ...(minutes >= 60 ? [] : [`it took ${String(minutes)} minutes`])];
  },
  Benchmarks: () => {
    const page = read('docs/benchmarks.md');
    return [...of('docs/benchmarks.md', page), ...(page.includes('A quick run') ? ['it was a quick run'] : [])];
  },
};

function captured(page: string, pattern: RegExp): string[] {
  return Array.from(read(page).matchAll(pattern), ([, found = '']) => found);
}

function versionTold(): string {
  return execFileSync(join(root, 'bin/start_server'), ['--version'], { encoding: 'utf8' }).trim();
}

function of(page: string, text: string): string[] {
  return text.includes(measured()) ? [] : [`${page} has figures of something else than ${measured()}`];
}

interface Item {
  readonly name: string;
  readonly text: string;
}

const items: readonly Item[] = Array.from(
  read('docs/releasing.md').matchAll(/^- \[ \] \*\*(.+?)\*\*(.*)$/gm),
  ([, name = '', text = '']) => ({ name, text }),
);

t.test('each item is checked here, by another test that it names, or by hand', (t) => {
  const looks = Object.keys({ ...always, ...atRelease });
  for (const { name, text } of items) {
    const tests = Array.from(text.matchAll(/test\/[\w/-]+\.test\.ts/g), ([file]) => file);
    for (const file of tests) t.ok(existsSync(join(root, file)), file);
    const ways = [looks.includes(name), tests.length > 0, text.startsWith(' (by hand)')];
    t.equal(ways.filter(Boolean).length, 1, name);
  }
  t.same(
    looks.filter((name) => items.every((item) => item.name !== name)),
    [],
    'and each check is in the list',
  );
  t.end();
});

t.test('what is run by hand is there to be run', (t) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
  const named = Array.from(read('docs/releasing.md').matchAll(/npm run ([\w:-]+)/g), ([, name = '']) => name);
  t.ok(named.length > 5);
  for (const name of named) t.ok(scripts[name] !== undefined, name);
  t.end();
});

for (const [name, look] of Object.entries(always)) {
  t.test(name, (t) => {
    t.same(look(), []);
    t.end();
  });
}

for (const [name, look] of Object.entries(atRelease)) {
  const wrong = look();
  t.test(name, { skip: !isRelease && wrong.length > 0 && wrong.join('; ') }, (t) => {
    t.same(wrong, []);
    t.end();
  });
}

t.test('there are pictures for all that the page of benchmarks shows', (t) => {
  const shown = captured('docs/benchmarks.md', /\]\(benchmarks\/([\w-]+\.svg)\)/g);
  t.ok(shown.length > 3);
  t.same([...new Set(shown)].sort(), readdirSync(join(root, 'docs/benchmarks')).sort());
  t.end();
});
