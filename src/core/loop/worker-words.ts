/** What workers tell about themselves, and how much of it counts: no worker may fill the log. */

export type Word =
  | { readonly type: 'ready'; readonly pid: number }
  | { readonly type: 'said'; readonly pid: number; readonly text: string }
  | { readonly type: 'wants time'; readonly pid: number; readonly milliseconds: number }
  /** From here on some of what the worker says is left out. Told once. */
  | { readonly type: 'left out'; readonly pid: number };

/** How many texts of a worker count at once; after these, one counts in each second. */
export const mostTexts = 10;

/** How many bytes of a text count. */
export const longestText = 1000;

/** What one worker has told so far. */
export interface Heard {
  readonly isReady: boolean;
  /** How many texts it could still say at the time `at`. */
  readonly texts: number;
  readonly at: number;
  readonly isLeftOut: boolean;
}

/** Which words of workers count, and what is to be remembered of each worker; `now` in milliseconds. */
export function whatCounts(
  before: ReadonlyMap<number, Heard>,
  words: readonly Word[],
  now: number,
): { heard: ReadonlyMap<number, Heard>; words: Word[] } {
  const heard = new Map(before);
  const counting = words.flatMap((word) => {
    const nothing: Heard = { isReady: false, texts: mostTexts, at: now, isLeftOut: false };
    const judged = judge(heard.get(word.pid) ?? nothing, word, now);
    heard.set(word.pid, judged.heard);
    return judged.words;
  });
  return { heard, words: counting };
}

interface Judged {
  readonly heard: Heard;
  readonly words: readonly Word[];
}

function judge(heard: Heard, word: Word, now: number): Judged {
  switch (word.type) {
    case 'ready':
      return { heard: { ...heard, isReady: true }, words: heard.isReady ? [] : [word] };
    case 'said':
      return judgeText(heard, word, now);
    case 'wants time':
      return judgeWish(heard, word, now);
    case 'left out':
      return { heard, words: [word] };
  }
}

/** Counts as a text. If it is left out, nothing is said about that. */
function judgeWish(before: Heard, word: Word, now: number): Judged {
  const texts = Math.min(mostTexts, before.texts + (now - before.at) / 1000);
  const isHeard = texts >= 1;
  return { heard: { ...before, texts: isHeard ? texts - 1 : texts, at: now }, words: isHeard ? [word] : [] };
}

function judgeText(before: Heard, word: Word & { readonly type: 'said' }, now: number): Judged {
  const texts = Math.min(mostTexts, before.texts + (now - before.at) / 1000);
  const isSaid = texts >= 1;
  const isWhole = isSaid && word.text.length <= longestText;
  const heard = { ...before, texts: isSaid ? texts - 1 : texts, at: now, isLeftOut: before.isLeftOut || !isWhole };
  const said = isSaid ? [{ ...word, text: word.text.slice(0, longestText) }] : [];
  const leftOut = isWhole || before.isLeftOut ? [] : [{ type: 'left out', pid: word.pid } as const];
  return { heard, words: [...said, ...leftOut] };
}
