/** Documents that were ever written are read for ever, and what is none is told as such. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { decodeDocument, documentVersion, encodeDocument } from '../../src/core/handover/document.js';
import { Misshapen } from '../../src/core/report/shape.js';
import { stateOf } from '../../src/core/handover/state-part.js';
import { wayToEnd } from '../helpers/decision/way-to-end.js';
import { fixture } from '../helpers/place/samples.js';

const directory = fixture('handover');
const files = readdirSync(directory).sort();

t.test('there is one of each version', (t) => {
  const wanted = Array.from({ length: documentVersion }, (_, index) => `version-${String(index + 1)}.json`);
  t.same(
    files.filter((file) => file.startsWith('version-')),
    wanted,
  );
  t.end();
});

t.test('there is one with all that the released version hands over', (t) => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  t.ok(files.includes(`released-${version.replace(/\d+$/, '0')}.json`), 'patches hand over the same');
  t.end();
});

for (const file of files) {
  t.test(`${file} is understood, and written again as it was`, (t) => {
    const encoded = readFileSync(join(directory, file), 'latin1');
    const document = decodeDocument(encoded);
    t.same(decodeDocument(encodeDocument(document)), document);
    t.same({ version: documentVersion, ...document }, JSON.parse(encoded), 'with all that is in it');
    const { phase } = document.state;
    const told = phase.name === 'starting' ? phase.worker.wayToEnd : undefined;
    t.match(stateOf(document.state, wayToEnd), { phase: { worker: { wayToEnd: told ?? wayToEnd } } });
    t.end();
  });
}

t.test('every byte arrives, and so does text of JavaScript in what workers have said', (t) => {
  const document = decodeDocument(readFileSync(join(directory, 'version-1.json'), 'latin1'));
  const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
  const strange = { ...document, command: { ...document.command, words: [bytes, '\u2028\ud83d\ude00'] } };
  const encoded = encodeDocument(strange);
  t.notMatch(encoded, /[^\0-\u00ff]/, 'it is a byte string');
  t.same(decodeDocument(encoded), strange);
  t.end();
});

const whole = readFileSync(join(directory, 'version-1.json'), 'latin1');
const wrong: readonly (readonly [what: string, encoded: string, told: string | RegExp])[] = [
  ['nothing', '', 'it is cut off, or no document at all'],
  ['a part', whole.slice(0, -10), 'it is cut off, or no document at all'],
  ['something else', '[]', 'document is not a record'],
  ['no version', '{}', 'document.version is not a number'],
  [
    'a version to come',
    whole.replace('"version": 1', '"version": 1000'),
    'it is of version 1000, and this superdaemon knows version 1 only',
  ],
  ['no state', whole.replace('"state":', '"stake":'), 'document.state is not a record'],
];
t.test('what cannot be understood is told', (t) => {
  for (const [what, encoded, message] of wrong)
    t.throws(() => decodeDocument(encoded), Object.assign(new Misshapen(''), { message }), what);
  t.end();
});
