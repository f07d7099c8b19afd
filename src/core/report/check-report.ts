/** What a check that has found nothing wrong says. */
import type { StartCommand } from '../command-line/command.js';
import { shellWords } from '../text/shell-words.js';

/** One line, without its newline. */
export function allClear({ listeners: { specs }, program }: StartCommand): string {
  const sockets = specs.map(({ key, kind }) => `${key} (${kind})`);
  const listening = sockets.length === 0 ? '' : `listens on ${sockets.join(', ')} and `;
  return `nothing is in the way of this start, which ${listening}runs ${shellWords(program)}`;
}
