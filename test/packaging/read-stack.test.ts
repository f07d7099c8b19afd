/** The names in the bundle of the command are short; a stack that it tells can be read all the same. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Line and column, from 1, of a text that is there once. */
function placeOf(text: string, file: string): string {
  const before = readFileSync(join(root, file), 'latin1').split(text);
  t.equal(before.length, 2, `${file} has it once`);
  const lines = (before[0] ?? '').split('\n');
  return `${String(lines.length)}:${String((lines.at(-1) ?? '').length + 1)}`;
}

t.test('scripts/read-stack.mjs tells the places in the sources', (t) => {
  const text = '`start_server: internal error:';
  const there = `/usr/lib/node_modules/superdaemon/dist/command.js:${placeOf(text, 'dist/command.js')}`;
  const held = there.replace(/^.*\.js/, '/proc/self/fd/21');
  const input = `start_server: internal error: Error: x\n    at a1 (${there})\n    at ${held}\n    at node:vm:1:2\n`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/read-stack.mjs')], {
    encoding: 'utf8',
    input,
  });
  t.same({ status, stderr }, { status: 0, stderr: '' });
  const place = `src/cli.ts:${placeOf(text, 'src/cli.ts')}`;
  t.equal(stdout, input.replace(there, place).replace(held, place));
  t.end();
});
