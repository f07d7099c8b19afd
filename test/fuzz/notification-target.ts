/** What workers tell by datagrams, and how much of it counts. */
import assert from 'node:assert/strict';
import { longestText, mostTexts, whatCounts, type Heard } from '../../src/core/loop/worker-words.js';
import { wordsIn } from '../../src/system/readiness/notification.js';
import type { Target } from './fuzzer.js';

/** A form feed stands between two messages. The first byte of each says who sends it, and how much later. */
export const notificationTarget: Target = {
  name: 'notifications',
  seeds: [
    'aREADY=1',
    'aREADY=1\nSTATUS=serving\nEXTEND_TIMEOUT_USEC=5000000\nMAINPID=4',
    'bSTATUS=one\fbSTATUS=two\n\fcSTATUS=\n\fbREADY=1\nREADY=1',
    'aEXTEND_TIMEOUT_USEC=999999999999999\faEXTEND_TIMEOUT_USEC=-1',
    `a${'\fASTATUS=x'.repeat(mostTexts + 3)}`,
  ],
  tokens: ['\f', '\n', 'READY=1', 'READY=0', 'STATUS=', 'EXTEND_TIMEOUT_USEC=', 'a', 'A'],
  check: (input) => {
    let heard: ReadonlyMap<number, Heard> = new Map();
    let now = 0;
    const counted: { readonly pid: number; readonly type: string }[] = [];
    for (const message of input.split('\f')) {
      const code = message.charCodeAt(0) || 0;
      const pid = 1 + (code % 3);
      const words = wordsIn(message.slice(1), pid);
      checkWords(words, message);
      now += code * 10;
      const counting = whatCounts(heard, words, now);
      heard = counting.heard;
      counted.push(...counting.words);
    }
    checkCounted(counted, now);
  },
};

function checkWords(words: ReturnType<typeof wordsIn>, message: string): void {
  assert.equal(new Set(words.map(({ type }) => type)).size, words.length, 'each once');
  for (const word of words) {
    if (word.type === 'ready') assert.match(message.slice(1), /^READY=1$/m);
    if (word.type === 'said')
      assert.ok(word.text !== '' && !word.text.includes('\n') && message.includes(`STATUS=${word.text}`));
    if (word.type === 'wants time') assert.ok(word.milliseconds >= 0 && word.milliseconds <= 1e12);
  }
}

/** Nobody fills the log: so many texts at once, then one a second; and readiness, and what is left out, are told once. */
function checkCounted(
  counted: readonly { readonly pid: number; readonly type: string; readonly text?: string }[],
  now: number,
): void {
  for (const pid of new Set(counted.map((word) => word.pid))) {
    const of = (type: string) => counted.filter((word) => word.pid === pid && word.type === type);
    assert.ok(of('said').length + of('wants time').length <= mostTexts + now / 1000);
    assert.ok(of('ready').length <= 1 && of('left out').length <= 1);
    for (const { text = '' } of of('said')) assert.ok(text.length <= longestText);
  }
}
