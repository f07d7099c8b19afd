import t from 'tap';
import { parsePathSpec, parsePortSpec, type ListenerSpec } from '../../src/core/command-line/port-spec.js';
import { rivalOf } from '../../src/core/command-line/rival.js';

function specOf(text: string): ListenerSpec {
  const parsed = text.startsWith('/') ? parsePathSpec(text, 108) : parsePortSpec(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

const table: readonly (readonly [earlier: string, port: string, rival: string | undefined])[] = [
  ['8001', '8001', 'same 8001'],
  ['8001', '8001=7', 'same 8001'],
  ['80 127.0.0.1:8001', '127.0.0.1:8001', 'same 127.0.0.1:8001'],
  ['u53', 'u53', 'same 53'],
  ['[::1]:80', '[::1]:80', 'same [::1]:80'],
  ['8001', '127.0.0.1:8001', 'other 8001'],
  ['127.0.0.1:8001', '8001', 'other 127.0.0.1:8001'],
  ['[::]:80', '[::1]:80', 'other [::]:80'],
  ['[::1]:80', '[0:0:0:0:0:0:0:1]:80', 'same [::1]:80'],
  ['[0::0]:80', '[::1]:80', 'other [0::0]:80'],
  ['[::1]:80', '[0::]:80', 'other [::1]:80'],
  ['127.0.0.2:8001', '127.0.0.1:8001', undefined],
  ['8001', 'u8001', undefined],
  ['8001', '[::]:8001', undefined],
  ['8001', '8002', undefined],
  ['0', '0', undefined],
  ['/a', '/a', undefined],
  ['', '80', undefined],
];
t.test('the listener before it that is in the way', (t) => {
  for (const [earlier, port, expected] of table) {
    const rival = rivalOf(specOf(port), earlier.split(' ').filter(Boolean).map(specOf));
    const found = rival && `${rival.isSame ? 'same' : 'other'} ${rival.key}`;
    t.equal(found, expected, `${earlier}, then ${port}`);
  }
  t.end();
});
