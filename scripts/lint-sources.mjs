/**
 * Rules about the text of files that ESLint does not look at: C++ and comments. Prints `FILE:LINE: what is wrong`.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

// The patterns are written so that they do not find themselves.
const rules = [
  {
    files: /^native\/(?!(addon\.cc|decoder\.h)$)/,
    wrong: /#\s*include\s*[<"](napi|node_api|js_native_api|node|v8)\.h[>"]/,
    because: 'only native/addon.cc and its decoder know Node-API',
  },
  {
    files: /^native\/(?!(?:signals|quiet)\.cc$)/,
    wrong: /#\s*include\s*[<"]uv\.h[>"]/,
    because: 'only native/signals.cc and native/quiet.cc know the event loop',
  },
  {
    files: /\.(js|mjs|ts)$/,
    wrong: /eslint-[d]isable(?!.* -- \S)/,
    because: 'a disabled rule needs its reason: eslint-disable-next-line RULE -- why',
  },
  {
    files: /\.(js|mjs|ts)$/,
    wrong: /\b(c8|v8|istanbul) [i]gnore\b/,
    because: 'no coverage pragmas: test it or remove it',
  },
];

const folders = ['native', 'src', 'test', 'scripts', 'examples', 'bench'];
const complaints = folders.flatMap(filesIn).flatMap(complaintsAbout);
for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
process.exitCode = complaints.length > 0 ? 1 : 0;

function filesIn(folder) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true }).map((name) => join(folder, name));
  return names.filter((name) => statSync(name).isFile());
}

function complaintsAbout(file) {
  const applying = rules.filter(({ files }) => files.test(file));
  if (applying.length === 0) return [];
  return readFileSync(file, 'latin1')
    .split('\n')
    .flatMap((line, index) =>
      applying.filter(({ wrong }) => wrong.test(line)).map(({ because }) => `${file}:${index + 1}: ${because}`),
    );
}
