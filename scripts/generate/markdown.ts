/** Pieces of Markdown, as prettier would set them. */

/** Replaces what stands between `<!-- NAME:begin -->` and `<!-- NAME:end -->`; throws where that is not there exactly once. */
export function fill(text: string, block: { readonly name: string; readonly text: string }): string {
  const [begin, end] = [`<!-- ${block.name}:begin -->`, `<!-- ${block.name}:end -->`];
  const [before = '', rest = '', ...more] = text.split(begin);
  const [, after, ...evenMore] = rest.split(end);
  if (after === undefined || more.length + evenMore.length > 0) throw new Error(`not one ${begin} ... ${end}`);
  return `${before}${begin}\n\n${block.text}\n\n${end}${after}`;
}

/** The first row is the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], filler?: string) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, filler)).join(' | ')} |`;
  return [line(head), line([], '-'), ...body.map((row) => line(row))].join('\n');
}
