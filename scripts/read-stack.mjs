/**
 * Reads a stack that start_server has told, for instance with an internal error, and tells it with the places in src/.
 *
 *     node scripts/read-stack.mjs < STACK
 *
 * The sources have to be those of the version that told it. One that has slept names its script by a descriptor.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleCommand } from './bundle-sources.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const directory = mkdtempSync(join(tmpdir(), 'superdaemon-stack-'));
try {
  await bundleCommand(directory, { sourcemap: true });
  const map = new SourceMap(JSON.parse(readFileSync(join(directory, 'command.js.map'), 'utf8')));
  const place = (line, column) => {
    const { originalSource, originalLine, originalColumn, name } = map.findEntry(line - 1, column - 1);
    const file = relative(root, resolve(directory, originalSource));
    return `${name === undefined ? '' : `${name} in `}${file}:${originalLine + 1}:${originalColumn + 1}`;
  };
  const stack = readFileSync(0, 'utf8');
  process.stdout.write(
    stack.replace(/(?:[^\s()]*\bcommand\.js|\/proc\/self\/fd\/\d+):(\d+):(\d+)/g, (_, line, column) =>
      place(Number(line), Number(column)),
    ),
  );
} finally {
  rmSync(directory, { recursive: true, force: true });
}
