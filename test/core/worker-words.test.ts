import t from 'tap';
import { longestText, mostTexts, whatCounts, type Heard, type Word } from '../../src/core/loop/worker-words.js';

const ready = (pid: number): Word => ({ type: 'ready', pid });
const said = (pid: number, text: string): Word => ({ type: 'said', pid, text });
const wish = (pid: number): Word => ({ type: 'wants time', pid, milliseconds: 5 });
const leftOut = (pid: number): Word => ({ type: 'left out', pid });

/** What counts of this, turn by turn. */
function counting(turns: readonly (readonly [now: number, ...words: readonly Word[]])[]): Word[][] {
  let heard: ReadonlyMap<number, Heard> = new Map();
  return turns.map(([now, ...words]) => {
    const { heard: next, words: counting } = whatCounts(heard, words, now);
    heard = next;
    return counting;
  });
}

t.test('a worker is ready once', (t) => {
  t.same(
    counting([
      [0, ready(1), ready(2), ready(1)],
      [1, ready(1)],
    ]),
    [[ready(1), ready(2)], []],
  );
  t.end();
});

t.test('so many texts count at once, after them one a second, and it is told once that some do not', (t) => {
  const many = Array.from({ length: mostTexts + 5 }, (_, index) => said(1, String(index)));
  t.same(counting([[0, ...many]]), [[...many.slice(0, mostTexts), leftOut(1)]]);
  const [, ...later] = counting([
    [0, ...many],
    [999, said(1, 'early'), said(2, "somebody else's")],
    [1000, said(1, 'again'), said(1, 'not again')],
    [1_000_000, ...many],
  ]);
  t.same(later, [[said(2, "somebody else's")], [said(1, 'again')], many.slice(0, mostTexts)]);
  t.end();
});

t.test('words in their order, and a text that is too long is cut', (t) => {
  const long = 'x'.repeat(longestText);
  t.same(counting([[0, said(1, long), ready(1), said(1, `${long}y`), said(1, `${long}z`)]]), [
    [said(1, long), ready(1), said(1, long), leftOut(1), said(1, long)],
  ]);
  t.end();
});

t.test('a wish for time counts as a text, and is left out without a word', (t) => {
  const many = Array.from({ length: mostTexts }, () => wish(1));
  t.same(
    counting([
      [0, ...many, wish(1), ready(1), said(1, 'a')],
      [1000, wish(1), wish(1)],
    ]),
    [[...many, ready(1), leftOut(1)], [wish(1)]],
  );
  t.end();
});
