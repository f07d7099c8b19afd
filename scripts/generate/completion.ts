/** What the completions of all shells have in common. */
import type { OptionRow } from '../../src/core/command-line/option-table.js';

export const notice = '# Made by `npm run generate` from src/core/command-line/option-table.ts; do not edit.';

/**
 * Signals that a server may be told to end by, the usual ones first. The lists that shells have of their own contain
 * words that are no signals (`EXIT`, `DEBUG`) or ask a program that need not be installed.
 */
export const signalNames =
  'TERM QUIT INT HUP USR1 USR2 WINCH KILL ABRT ALRM BUS CHLD CONT FPE ILL PIPE PROF SEGV STOP SYS TRAP TSTP TTIN TTOU URG VTALRM XCPU XFSZ';

/** The text in the quotes of sh, bash and zsh. */
export function shellQuoted(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}

export function takesValue({ kind }: OptionRow): boolean {
  return kind !== 'flag';
}

/** What a shell offers for a value: all words of the row, or what its `completion` says. Undefined for nothing. */
export function offered({ completion, words }: OptionRow): Offer | undefined {
  return words ?? completion;
}

export type Offer = NonNullable<OptionRow['completion'] | OptionRow['words']>;

/** Options whose values are completed alike. */
export interface Alike {
  readonly offer: Offer;
  readonly names: readonly string[];
}

/** The groups are in the order of the table; rows with nothing to offer are left out. */
export function alike(table: readonly OptionRow[]): Alike[] {
  const groups = new Map<string, { offer: Offer; names: string[] }>();
  for (const row of table) {
    const offer = offered(row);
    if (offer === undefined) continue;
    const key = JSON.stringify(offer);
    const group = groups.get(key) ?? { offer, names: [] };
    group.names.push(row.name);
    groups.set(key, group);
  }
  return [...groups.values()];
}
