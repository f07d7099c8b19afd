/** completions/_start_server, for zsh: `_arguments` does the work. */
import { optionProse } from '../../src/core/command-line/help.js';
import { optionTable, type OptionRow } from '../../src/core/command-line/option-table.js';
import { notice, offered, shellQuoted, signalNames } from './completion.js';

/** `table` is for tests. */
export function zshCompletion(table: readonly OptionRow[] = optionTable): string {
  return [
    '#compdef start_server',
    notice,
    '',
    "# Options, and after -- or the first other word the program's own completion.",
    "_arguments -S -A '-*' \\",
    ...table.map((row) => `  ${shellQuoted(specification(row))} \\`),
    "  '1:program:_command_names -e' \\",
    "  '*::argument:_normal'",
    '',
  ].join('\n');
}

/** For example `*--path=[listen ...]:PATH:_files`; the star allows the option again and again. */
function specification(row: OptionRow): string {
  const prose = harmless(optionProse(row));
  if (row.kind === 'flag') return `--${row.name}[${prose}]`;
  const again = row.kind === 'texts' ? '*' : '';
  return `${again}--${row.name}=[${prose}]:${harmless(row.placeholder ?? '')}:${action(row)}`;
}

/** Characters that end a part of a specification lose their meaning. */
function harmless(text: string): string {
  return text.replace(/[\\[\]:]/g, '\\$&');
}

/** Where this is a blank, zsh offers nothing, and shows the placeholder as a hint. */
function action(row: OptionRow): string {
  const offer = offered(row);
  switch (offer) {
    case undefined:
      return ' ';
    case 'file':
      return '_files';
    case 'directory':
      return '_files -/';
    case 'signal':
      return `(${signalNames})`;
    default:
      return `(${offer.join(' ')})`;
  }
}
