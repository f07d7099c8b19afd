import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

/** Puts Markdown in the place of what stands between the comments `NAME:begin` and `NAME:end` of a page. */
export async function fillBlock(page, name, markdown) {
  const text = readFileSync(page, 'utf8');
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [before, after] = [text.split(begin)[0], text.split(end)[1]];
  if (before === text || after === undefined) throw new Error(`${page} lacks ${begin} or ${end}`);
  const filled = `${before}${begin}\n\n${markdown}\n\n${end}${after}`;
  writeFileSync(page, await format(filled, { ...(await resolveConfig(page)), parser: 'markdown' }));
}
