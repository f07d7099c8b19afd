/** src/library/table-options.ts: the options of the library that are those of the command. */
import { camelCase, optionTable, type OptionRow } from '../../src/core/command-line/option-table.js';

/** How long a line may be in this project. */
const width = 120;

/** `table` is for tests. */
export function libraryOptions(table: readonly OptionRow[] = optionTable): string {
  const members = table.filter(({ commandOnly }) => commandOnly !== true).map(member);
  return `/** Made by \`npm run generate\` from src/core/command-line/option-table.ts; do not edit. */

/** A value or several of them. */
export type OneOrMore<T> = T | readonly T[];

/** The options of the command that make sense in a program, under names in camel case. Seconds may have a fraction. */
export interface TableOptions {
${members.join('\n')}
}
`;
}

function member(row: OptionRow): string {
  const prose = row.prose.replace(/--([a-z-]+)/g, (_, name: string) => camelCase(name));
  const lines = [...wrapped(prose), ...(row.default === undefined ? [] : [`@default ${row.default}`])];
  const [only = '', ...more] = lines;
  const comment = more.length === 0 ? [`/** ${only} */`] : ['/**', ...lines.map((line) => ` * ${line}`), ' */'];
  const declared = [...comment, `readonly ${camelCase(row.name)}?: ${typeOf(row)};`];
  return declared.map((line) => `  ${line}`).join('\n');
}

function typeOf({ kind, words, orNumber }: OptionRow): string {
  switch (kind) {
    case 'flag':
      return 'boolean';
    case 'integer':
      return 'number';
    case 'text':
      return words === undefined ? 'string' : words.map((word) => `'${word}'`).join(' | ');
    case 'texts':
      return orNumber === true ? 'OneOrMore<number | string>' : 'OneOrMore<string>';
  }
}

/** Lines that fit between ` * ` and the edge, or in one line between the marks of a comment. */
function wrapped(prose: string): string[] {
  if (prose.length <= width - '  /**  */'.length) return [prose];
  const lines: string[] = [];
  for (const word of prose.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width - '   * '.length) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
