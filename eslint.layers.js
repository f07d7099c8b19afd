/**
 * Who may import whom (`eslint.rooms.js`) and who may touch what (`eslint.powers.js`), as ESLint configuration.
 * test/packaging/layers.test.ts shows each rule a file that breaks it.
 */
import { relative } from 'node:path/posix';
import tseslint from 'typescript-eslint';
import { powers } from './eslint.powers.js';
import { rooms } from './eslint.rooms.js';

/** The configuration of a room, and after it that of the files in it that hold a power. */
export const layerRules = rooms.flatMap((room) => {
  const holders = powers.flatMap(({ held }) => held).filter((file) => isIn(room, file) && !room.files.includes(file));
  const grantedToAll = powers.filter(({ held }) => held.some((pattern) => isAllOf(room, pattern)));
  return [
    rulesFor(room, room.files, grantedToAll),
    ...holders.map((file) => rulesFor(room, [file], [...grantedToAll, ...powersOf(file)])),
  ];
});

function isIn({ files }, file) {
  return files.some((pattern) => pattern === file || file.startsWith(pattern.replace('**/*.ts', '')));
}

function isAllOf({ files }, pattern) {
  return files.includes(pattern);
}

function powersOf(file) {
  return powers.filter(({ held }) => held.includes(file));
}

/** All restrictions in one piece, since ESLint's later configuration of a rule replaces the earlier one. */
function rulesFor(room, files, granted) {
  const denials = [...powers.filter((power) => !granted.includes(power)), { because: room.because, ...room.denied }];
  const every = (kind, shape) =>
    denials.flatMap((denial) => (denial[kind] ?? []).map((item) => ({ ...shape(item), message: denial.because })));
  return {
    files,
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      'no-restricted-globals': ['error', ...every('globals', (name) => ({ name }))],
      'no-restricted-properties': ['error', ...every('properties', ([object, property]) => ({ object, property }))],
      'no-restricted-syntax': ['error', ...every('syntax', (selector) => ({ selector }))],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: every('imports', (path) => path), patterns: importPatterns(room) },
      ],
    },
  };
}

function importPatterns({ name, imports, because }) {
  const typesOf = 'types of ';
  const types = imports
    .filter((what) => what.startsWith(typesOf))
    .map((what) => sourceOf(name, what.replace(typesOf, '')));
  const values = imports.filter((what) => !what.startsWith(typesOf)).map((what) => sourceOf(name, what));
  const foreign = { regex: `^(?!${[String.raw`\./`, ...values, ...types].join('|')})`, message: because };
  if (types.length === 0) return [foreign];
  return [foreign, { regex: `^(${types.join('|')})`, message: because, allowTypeImports: true }];
}

/** What an import of this looks like in the files of a room: a pattern for its beginning. */
function sourceOf(room, what) {
  if (what === 'node:*') return 'node:';
  if (what.startsWith('node:')) return `${what}$`;
  const isFile = /\.(ts|json)$/.test(what);
  const folder = room.endsWith('.ts') ? 'src' : `src/${room}`;
  const path = relative(folder, what === 'package.json' ? what : `src/${what.replace(/\.ts$/, '.js')}`);
  const source = path.startsWith('.') ? path : `./${path}`;
  return source.replaceAll('.', String.raw`\.`) + (isFile ? '$' : '/');
}
