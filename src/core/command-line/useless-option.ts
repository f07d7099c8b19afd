/** Options of ours that the chosen command does not use. What the original has and ignores is ignored here, too. */
import { failures } from '../text/failures.js';
import type { CommandName, OptionRow } from './option-row.js';
import { camelCase, optionTable, type Options } from './option-table.js';

const rows: readonly OptionRow[] = optionTable;

/** Why one of them cannot be given: nobody has it on an old command line, so nothing is lost by telling. */
export function uselessOption(options: Options, command: CommandName): string | undefined {
  const useless = rows.find(({ name, usedBy }) => usedBy?.includes(command) === false && camelCase(name) in options);
  return useless?.usedBy && failures.onlyWith(`--${useless.name}`, placesOf(useless.name, useless.usedBy));
}

const places: Readonly<Record<CommandName, string>> = {
  start: 'a program to start',
  restart: '--restart',
  stop: '--stop',
  'show status': '--show-status',
};

/** In words; undefined for a command itself, which can only be given alone. */
function placesOf(name: string, commands: readonly CommandName[]): string | undefined {
  const words = commands.map((command) => places[command]);
  if (words.includes(`--${name}`)) return undefined;
  return words.length < 2 ? words[0] : `${words.slice(0, -1).join(', ')} or ${String(words.at(-1))}`;
}
