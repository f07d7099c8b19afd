/** Newlines, control characters, shell syntax, nothing and very much in every option, and in every variable that is read. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { optionTable, type OptionRow } from '../../src/core/command-line/option-table.js';
import { ours, plainEnvironment } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

const table: readonly OptionRow[] = optionTable;
const withValue = table.filter(({ kind }) => kind !== 'flag');
const variables = table.flatMap(({ variable }) => variable ?? []);

const odd = '\n\x1b[2J\r\x07$(touch pwned)`touch pwned`;touch pwned "\x01\'';
const values: readonly (readonly [name: string, value: string])[] = [
  ['everything odd', odd],
  ['nothing', ''],
  ['100,000 characters', 'x'.repeat(100_000)],
];

/** Ends its superdaemon, so that a start that succeeds ends at once, too. */
const program = ['--', 'sh', '-c', 'kill $PPID; exec sleep 5'];

function run(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = plainEnvironment()) {
  return spawnSync(ours.command, args, { cwd, env, encoding: 'latin1', timeout: 90_000 });
}

function clean(text: string): boolean {
  return !/[\0-\x08\x0b-\x1f\x7f]/.test(text);
}

t.test('in every option: refused or taken, never run, and no line has a control character', (t) => {
  for (const [what, value] of values) {
    for (const { name } of withValue) {
      // A program that cannot be started is tried for ever, as is one whose directory is missing.
      if (name === 'dir' && value !== odd) continue;
      const cwd = workspace(t);
      if (name === 'dir') mkdirSync(join(cwd, value));
      const { status, signal, stdout, stderr } = run(cwd, ['--interval=0', `--${name}`, value, ...program]);
      const note = `--${name}: ${what}`;
      t.equal(signal, null, note);
      t.not(status, 70, `${note}: no internal error`);
      t.ok(clean(stdout + stderr), note);
      t.notOk(existsSync(join(cwd, 'pwned')), note);
    }
  }
  t.end();
});

t.test('in every variable that is read', (t) => {
  for (const [what, value] of values) {
    const cwd = workspace(t);
    const env = { ...plainEnvironment(), ...Object.fromEntries(variables.map((name) => [name, value])) };
    const { status, signal, stdout, stderr } = run(cwd, ['--interval=0', ...program], env);
    t.same([status, signal], [0, null], what);
    t.ok(clean(stdout + stderr), what);
    t.notOk(existsSync(join(cwd, 'pwned')), what);
  }
  t.end();
});

t.test('a program and arguments of any bytes are run as they are', (t) => {
  const cwd = workspace(t);
  const { status, stdout } = run(cwd, ['--interval=0', '--', 'sh', '-c', 'printf %s "$1"; kill $PPID', odd, odd]);
  t.equal(status, 0);
  t.equal(stdout, odd);
  t.notOk(existsSync(join(cwd, 'pwned')));
  t.end();
});
