/** The blocks of README.md that say what the tables say. */
import { helpText, signalTable } from '../../src/core/command-line/help.js';
import { fill, table } from './markdown.js';

/** The README with its blocks filled; throws where one of them is not there exactly once. */
export function readme(present: string): string {
  const signals = [['signal', 'what it does'], ...signalTable.map(({ name, prose }) => [name, prose])];
  return [
    { name: 'options', text: '```text\n' + helpText() + '```' },
    { name: 'signals', text: table(signals) },
  ].reduce(fill, present);
}
