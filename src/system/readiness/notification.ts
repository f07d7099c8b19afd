/** What a worker tells by a datagram, as sd_notify(3) has it. */
import type { Word } from '../../core/loop/worker-words.js';

/** The fields of a message that count, each once: READY=1, STATUS= with a text for people, and a wish for time. */
export function wordsIn(text: string, pid: number): Word[] {
  const words = text.split('\n').flatMap((line): Word[] => {
    if (line === 'READY=1') return [{ type: 'ready', pid }];
    const [, time] = /^EXTEND_TIMEOUT_USEC=(\d{1,15})$/.exec(line) ?? [];
    if (time !== undefined) return [{ type: 'wants time', pid, milliseconds: Number(time) / 1000 }];
    const [, status] = /^STATUS=(.+)$/s.exec(line) ?? [];
    return status === undefined ? [] : [{ type: 'said', pid, text: status }];
  });
  return words.filter(({ type }, index) => words.findIndex((word) => word.type === type) === index);
}
