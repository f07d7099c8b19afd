/** Names for the store of a service manager and for LISTEN_FDNAMES: printable ASCII without colons, of 255 characters at most. */
import t from 'tap';
import { parsePathSpec, parsePortSpec } from '../../src/core/command-line/port-spec.js';
import { isStored, socketName, storedName } from '../../src/core/manager/socket-names.js';

const rows: readonly (readonly [option: string, name: string])[] = [
  ['8080', '8080'],
  ['u53', 'u53'],
  ['127.0.0.1:8080', '127.0.0.1_8080'],
  ['[::1]:80', '[__1]_80'],
  ['/run/a b%\xe9\n', '/run/a b%25%e9%0a'],
];

t.test('each option has one, and is known by it', (t) => {
  for (const [option, name] of rows) {
    const parsed = option.startsWith('/') ? parsePathSpec(option, 108) : parsePortSpec(option);
    if (!parsed.ok) throw new Error(parsed.error.message);
    t.same([socketName(parsed.value), storedName(parsed.value)], [name, `start_server ${name}`]);
    t.ok(isStored(storedName(parsed.value)));
    t.notOk(isStored(name));
  }
  const longest = parsePathSpec(`/${'\xff'.repeat(106)}`, 108);
  t.equal(longest.ok && storedName(longest.value).length, 255);
  t.end();
});
