/** completions/start_server.fish. */
import { optionProse } from '../../src/core/command-line/help.js';
import { optionTable, type OptionRow } from '../../src/core/command-line/option-table.js';
import { notice, offered, signalNames, takesValue } from './completion.js';

/** `table` is for tests. */
export function fishCompletion(table: readonly OptionRow[] = optionTable): string {
  const valued = table.filter(takesValue).map(({ name }) => `--${name}`);
  return [
    notice,
    '',
    functions(valued.join(' ')),
    '',
    "complete -c start_server -f -a '(__start_server_complete_program)'",
    ...table.map(optionLine),
    '',
  ].join('\n');
}

function optionLine(row: OptionRow): string {
  const long = `complete -c start_server -n 'not __start_server_program >/dev/null' -l ${row.name}`;
  return [long, ...value(row), '-d', fishQuoted(optionProse(row))].join(' ');
}

function value(row: OptionRow): string[] {
  if (row.kind === 'flag') return [];
  const offer = offered(row);
  switch (offer) {
    case undefined:
      return ['-x'];
    case 'file':
      return ['-r', '-F'];
    case 'directory':
      return ['-x', '-a', "'(__start_server_directories)'"];
    case 'signal':
      return ['-x', '-k', '-a', fishQuoted(signalNames)];
    default:
      return ['-x', '-k', '-a', fishQuoted(offer.join(' '))];
  }
}

/** In fish's single quotes only the backslash and the quote itself have to be escaped. */
function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

function functions(valued: string): string {
  return `# Prints the words of the program before the cursor: those after -- or from the first that is no option.
# Fails while the options go on.
function __start_server_program
    set -l words (commandline -opc)
    set -e words[1]
    while set -q words[1]
        set -l word $words[1]
        set -e words[1]
        switch $word
            case --
                string join \\n -- $words
                return 0
            case ${valued}
                set -e words[1]
            case '-*'
            case '*'
                string join \\n -- $word $words
                return 0
        end
    end
    return 1
end

function __start_server_complete_program
    set -l words (__start_server_program)
    if test $status -ne 0; and string match -q -- '-*' (commandline -ct)
        return
    end
    set -l line (string join ' ' -- (string escape -- $words) (commandline -ct))
    complete --do-complete="$line"
end

# What is typed of a value is all of the word, or what follows = in it.
function __start_server_directories
    __fish_complete_directories (commandline -ct | string replace -r -- '^--[^=]*=' '')
end`;
}
