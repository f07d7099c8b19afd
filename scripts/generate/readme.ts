/** The blocks of README.md that say what the tables say. */
import { helpText, signalTable } from '../../src/core/help.js';

/** The README with its blocks filled; throws where one of them is not there exactly once. */
export function readme(present: string): string {
  return [
    { name: 'options', text: '```text\n' + helpText() + '```' },
    { name: 'signals', text: signals() },
  ].reduce(fill, present);
}

/** Replaces what stands between `<!-- NAME:begin -->` and `<!-- NAME:end -->`. */
function fill(text: string, block: { readonly name: string; readonly text: string }): string {
  const [begin, end] = [`<!-- ${block.name}:begin -->`, `<!-- ${block.name}:end -->`];
  const [before = '', rest = '', ...more] = text.split(begin);
  const [, after, ...evenMore] = rest.split(end);
  if (after === undefined || more.length + evenMore.length > 0) throw new Error(`not one ${begin} ... ${end}`);
  return `${before}${begin}\n\n${block.text}\n\n${end}${after}`;
}

/** As prettier would set it. */
function signals(): string {
  const rows = [{ name: 'signal', prose: 'what it does' }, ...signalTable];
  const widest = (texts: readonly string[]) => Math.max(...texts.map((text) => text.length));
  const widths = [widest(rows.map(({ name }) => name)), widest(rows.map(({ prose }) => prose))] as const;
  const line = (name: string, prose: string, filler?: string) =>
    `| ${name.padEnd(widths[0], filler)} | ${prose.padEnd(widths[1], filler)} |`;
  const [head, ...body] = rows.map(({ name, prose }) => line(name, prose));
  return [head, line('', '', '-'), ...body].join('\n');
}
