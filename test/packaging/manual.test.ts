/** man/start_server.1 as its readers see it. That it agrees with the tables is in generate.test.ts. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { exitCodes } from '../../src/core/text/exit-codes.js';
import { signalTable } from '../../src/core/command-line/help.js';
import { optionTable, type OptionRow } from '../../src/core/command-line/option-table.js';
import { withoutCommand } from '../helpers/place/installed.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const page = join(root, 'man/start_server.1');
const table: readonly OptionRow[] = optionTable;
const variables = [
  ...['SERVER_STARTER_PORT', 'SERVER_STARTER_GENERATION', 'SERVER_STARTER_READY_FD', 'NOTIFY_SOCKET'],
  ...['POSIXLY_CORRECT', 'SUPERDAEMON_NODE'],
];

function said(command: string, ...words: string[]) {
  const { status, stdout, stderr } = spawnSync(command, words, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '80', MANROFFOPT: '-c' },
  });
  if (status === null) throw new Error(`${command} was killed`);
  // Bold and underlined letters are struck twice.
  return { status, stderr, text: stdout.replace(/.\x08/g, ''), stdout };
}

function looksRight(t: Test, text: string): void {
  const lines = text.split('\n');
  t.same(
    lines.filter((line) => line.length > 80),
    [],
    'no line is longer than 80 columns',
  );
  const plain = text.replace(/\s+/g, ' ');
  for (const { name, placeholder, default: preset, variable } of table) {
    const tag = placeholder === undefined ? `--${name}` : `--${name}=${placeholder}`;
    t.match(text, new RegExp(`^ +${tag}( |$)`, 'm'), tag);
    if (preset !== undefined) t.ok(plain.includes(`Default: ${preset}.`), `${name} with its default`);
    if (variable !== undefined) t.ok(plain.includes(`The variable ${variable} says the same.`), variable);
  }
  for (const name of [...variables, ...table.flatMap(({ variable }) => variable ?? [])])
    t.match(text, new RegExp(`^ {5}${name}( |$)`, 'm'), `${name} among the variables`);
  for (const { name } of signalTable) t.match(text, new RegExp(`^ {5}${name}( |$)`, 'm'), name);
  for (const { label } of Object.values(exitCodes)) t.match(text, new RegExp(`^ {5}${label} `, 'm'), `code ${label}`);
  t.match(plain, '103 killing old workers 104 old worker 4712 died, status:0 104 [status file] 2:4720');
}

t.test('mandoc', { skip: withoutCommand('mandoc') }, (t) => {
  // Whether other manuals are installed is no business of this one.
  const complaints = said('mandoc', '-T', 'lint', '-W', 'style', page).stdout.split('\n');
  t.same(
    complaints.filter((line) => line !== '' && !/outdated mandoc\.db|referenced manual not found/.test(line)),
    [],
  );
  looksRight(t, said('mandoc', '-T', 'utf8', '-O', 'width=80', page).text);
  t.end();
});

t.test('man', { skip: withoutCommand('groff') || withoutCommand('man') }, (t) => {
  const { status, stderr, text } = said('man', '--warnings', '-l', page);
  t.same({ status, stderr }, { status: 0, stderr: '' });
  looksRight(t, text);
  t.end();
});
