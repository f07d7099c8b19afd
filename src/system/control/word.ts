/** Words of a command line in JSON, which is text: what is no UTF-8 goes as bytes. */
import type { Word } from '../../core/report/control-protocol.js';
import { byteString, text } from '../engine/bytes.js';

export function wordOf(word: string): Word {
  const read = text(word);
  return byteString(read) === word ? read : { base64: btoa(word) };
}

export function bytesOf(word: Word): string {
  return typeof word === 'string' ? byteString(word) : atob(word.base64);
}
