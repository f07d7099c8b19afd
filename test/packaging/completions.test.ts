/** The completions in the shells themselves: bash, zsh and fish offer the same for the same line. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { optionProse } from '../../src/core/command-line/help.js';
import { optionTable, type OptionRow } from '../../src/core/command-line/option-table.js';
import { said, shells } from '../helpers/packaging/completions.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { workspace } from '../helpers/place/workspace.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const table: readonly OptionRow[] = optionTable;

const offered: Readonly<Record<string, readonly string[]>> = {
  'start_server --': table.map(({ name }) => `--${name}`),
  'start_server --st': ['--start-timeout', '--status-file', '--stop', '--stop-timeout'],
  'start_server --interval=2 --st': ['--start-timeout', '--status-file', '--stop', '--stop-timeout'],
  'start_server --port=127.0.0.1:80=5 --st': ['--start-timeout', '--status-file', '--stop', '--stop-timeout'],
  'start_server --pid-file a.pid --st': ['--start-timeout', '--status-file', '--stop', '--stop-timeout'],
  'start_server --pid-file=a': ['a.log', 'a.pid'],
  'start_server --log-file=x --status-file a': ['a.log', 'a.pid'],
  'start_server --path=a': ['a.log', 'a.pid'],
  'start_server --dir=': ['bin', 'functions'],
  'start_server --envdir f': ['functions'],
  'start_server --signal-on-hup=U': ['URG', 'USR1', 'USR2'],
  'start_server --signal-on-term QU': ['QUIT'],
  'start_server --interval=': [],
  'start_server --port a': [],
  'start_server --port=80 -- sample-w': ['sample-worker'],
  'start_server sample-w': ['sample-worker'],
  'start_server -- sample-worker --st': [],
  'start_server sample-worker --st': [],
};

const ofTheProgram: Readonly<Record<string, readonly string[]>> = {
  'start_server --port=127.0.0.1:80=5 -- sample-worker --d': ['--deep', '--dry'],
  'start_server --interval 5 sample-worker --d': ['--deep', '--dry'],
};

/** A directory with some files, a command, and its completion for every shell. */
function place(t: Test): string {
  const directory = workspace(t);
  const at = (path: string) => join(directory, path);
  for (const name of ['bin', 'functions']) mkdirSync(at(name));
  for (const name of ['a.pid', 'a.log']) writeFileSync(at(name), '');
  writeFileSync(at('bin/sample-worker'), '#!/bin/sh\n');
  chmodSync(at('bin/sample-worker'), 0o755);
  writeFileSync(at('functions/sample.bash'), "complete -W '--deep --dry' sample-worker\n");
  writeFileSync(at('functions/_sample-worker'), '#compdef sample-worker\n_arguments --deep --dry\n');
  writeFileSync(at('functions/sample.fish'), 'complete -c sample-worker -l deep\ncomplete -c sample-worker -l dry\n');
  return directory;
}

for (const shell of shells) {
  t.test(shell.name, { skip: withoutCommand(shell.name) }, (t) => {
    const directory = place(t);
    const expected = { ...offered, ...(shell.knowsProgram && ofTheProgram) };
    const answers = shell.offers({ directory, lines: Object.keys(expected) });
    for (const [line, words] of Object.entries(expected)) {
      const found = answers.get(line) ?? [];
      t.same([...new Set(found.map(({ word }) => word))].sort(), [...words].sort(), line);
    }
    if (shell.name !== 'bash') {
      const shown = new Map(answers.get('start_server --')?.map(({ word, prose }) => [word, prose]));
      for (const row of table) t.equal(shown.get(`--${row.name}`), optionProse(row), `what is shown for ${row.name}`);
    }
    t.end();
  });
}

t.test('bash hands the program on to bash-completion, of either age', { skip: withoutCommand('bash') }, (t) => {
  const directory = workspace(t);
  for (const name of ['_command_offset', '_comp_command_offset']) {
    const handed = (line: string) => {
      const stub = `${name}() { COMPREPLY=("\${COMP_WORDS[$1]}"); }\n`;
      const input = `${stub}. ${root}/completions/start_server.bash\n${line}\x1b*\x01echo \n`;
      return said(directory, 'bash', ['--norc', '--noprofile', '-i'], input).trimEnd().split(' ').at(-1);
    };
    t.equal(handed('start_server --port=127.0.0.1:80=5 --dir x -- ./app --p'), './app', name);
    t.equal(handed('start_server --interval 5 ./app --p'), './app', name);
  }
  t.end();
});

t.test('bash puts quotes where a file name needs them', { skip: withoutCommand('bash') }, (t) => {
  const directory = workspace(t);
  writeFileSync(join(directory, 'my app.pid'), '');
  const input = `. ${root}/completions/start_server.bash\nstart_server --pid-file=my\t\x01printf '%s\\n' \n`;
  t.equal(said(directory, 'bash', ['--norc', '--noprofile', '-i'], input), 'start_server\n--pid-file=my app.pid\n');
  t.end();
});
