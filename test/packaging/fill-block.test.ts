/** Tables that a run makes stand between two comments of a page. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { fillBlock } from '../../scripts/fill-block.mjs';
import { workspace } from '../helpers/place/workspace.js';

t.test('what stood between them is replaced, and nothing else', async (t) => {
  const page = join(workspace(t), 'page.md');
  writeFileSync(page, 'before\n\n<!-- figures:begin -->\n\nold\n\n<!-- figures:end -->\n\nafter\n');
  for (const figures of ['new', 'newer']) {
    await fillBlock(page, 'figures', figures);
    const filled = `before\n\n<!-- figures:begin -->\n\n${figures}\n\n<!-- figures:end -->\n\nafter\n`;
    t.equal(readFileSync(page, 'utf8'), filled);
  }
  await t.rejects(fillBlock(page, 'others', 'x'), /page\.md lacks <!-- others:begin --> or <!-- others:end -->$/);
});
