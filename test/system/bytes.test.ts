/** Byte strings on their way to the system and back. */
import t from 'tap';
import { bytes, byteString, text } from '../../src/system/engine/bytes.js';

t.test('a byte string is the bytes, in memory of its own', (t) => {
  const every = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
  for (const each of ['', 'a', every, 'line\n'.repeat(100)]) {
    const buffer = bytes(each);
    t.same(
      [...buffer],
      Array.from(each, (character) => character.charCodeAt(0)),
    );
    // That of a pool would be kept with the pool.
    t.equal(buffer.buffer.byteLength, each.length);
  }
  t.end();
});

t.test('text of JavaScript becomes a byte string, and comes back', (t) => {
  t.equal(byteString('caf\u00e9'), 'caf\u00c3\u00a9');
  t.equal(text('caf\u00c3\u00a9'), 'caf\u00e9');
  t.equal(text('\u00ff'), '\ufffd');
  t.end();
});
