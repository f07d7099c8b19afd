/** Changes byte strings at random, with a generator that can be repeated. */

/** Mulberry32: a number from 0 up to, not including, `below`. */
export type Random = (below: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Where bytes are likely to matter to any parser. */
const common = [
  '\0',
  '\n',
  '\r',
  ' ',
  '\t',
  '\x0b',
  '=',
  ':',
  ';',
  '-',
  '+',
  '_',
  '.',
  '/',
  '[',
  ']',
  '|',
  '\x7f',
].concat([
  '0',
  '9',
  '1e400',
  '65535',
  '65536',
  '2147483647',
  '2147483648',
  '18446744073709551616',
  '\xc3\xa9',
  '\xff',
  '\x85\xa0',
]);

const longest = 4096;

/** One to four changes of `input`, with parts of `other` and of the target's own tokens. */
export function mutate(input: string, other: string, tokens: readonly string[], random: Random): string {
  let text = input;
  for (let changes = 1 + random(4); changes > 0; changes -= 1) text = mutateOnce(text, other, tokens, random);
  return text.slice(0, longest);
}

function mutateOnce(text: string, other: string, tokens: readonly string[], random: Random): string {
  const at = random(text.length + 1);
  const end = at + random(Math.min(16, text.length - at + 1));
  const [before, part, after] = [text.slice(0, at), text.slice(at, end), text.slice(end)];
  switch (random(8)) {
    case 0:
      return before + String.fromCharCode(random(256)) + text.slice(at + 1);
    case 1:
      return before + after;
    case 2:
      return before + part + part + after;
    case 3:
      return before + pick(common, random) + after;
    case 4:
      return before + part + pick(tokens, random) + after;
    case 5:
      return before + other.slice(random(other.length + 1)) + after;
    case 6:
      // Long runs of the same are what backtracking trips over.
      return before + (part === '' ? pick(common, random) : part).repeat(1 + random(2 ** random(11))) + after;
    default:
      return before + String.fromCharCode(random(256)) + part + after;
  }
}

export function pick<T>(list: readonly T[], random: Random): T {
  const found = list[random(list.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}
