/** Which sockets of the service manager are meant by which options: by their address and kind, not by their order. */
import t from 'tap';
import { parsePathSpec, parsePortSpec, type ListenerSpec } from '../../src/core/command-line/port-spec.js';
import { matchSockets, optionFor, type GivenSocket } from '../../src/core/manager/given-sockets.js';
import type { SocketFacts } from '../../src/core/workers/socket-facts.js';

/** `tcp ADDRESS PORT`, `udp`, `unix PATH`; `both` is one of both families, `deaf` one that does not listen. */
function facts(text: string): SocketFacts | undefined {
  const [kind = '', address = '', port = '0', ...more] = text.split(' ');
  if (kind === 'file') return undefined;
  const family = kind === 'unix' ? 'unix' : address.includes(':') ? 'inet6' : 'inet';
  const type = kind === 'packets' ? 'other' : kind === 'udp' ? 'datagram' : 'stream';
  const isListening = type === 'stream' && !more.includes('deaf');
  return { family, type, address, port: Number(port), isListening, isOnlyV6: family === 'inet6' && !more.includes('both') };
} // prettier-ignore

function specOf(option: string): ListenerSpec {
  const parsed = option.includes('/') ? parsePathSpec(option, 108) : parsePortSpec(option);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

const given = (texts: readonly string[], name = 'app.socket'): GivenSocket[] =>
  texts.map((text, index) => ({ descriptor: 3 + index, name, facts: facts(text) }));

/** A link, as /var/run is one. */
const whole = (path: string) => path.replace(/^\/var\/run\//, '/run/');

type Row = readonly [what: string, options: string, sockets: string, taken: string, left: string];
const rows: readonly Row[] = [
  ['the same', '8080', 'tcp 0.0.0.0 8080', '8080=3', ''],
  ['their order does not matter', '8080,8081,u53,/run/a', 'unix /run/a|udp 0.0.0.0 53|tcp 0.0.0.0 8081|tcp 0.0.0.0 8080', '8080=6 8081=5 53=4 /run/a=3', ''],
  ['one that is not there is left to be bound', '8080,8081', 'tcp 0.0.0.0 8081', '8081=3', ''],
  ['one that no option names', '8080', 'tcp 0.0.0.0 8080|tcp 0.0.0.0 8081', '8080=3', '4'],
  ['another port, address, kind', '8080', 'tcp 0.0.0.0 80|tcp 127.0.0.1 8080|udp 0.0.0.0 8080', '', '3 4 5'],
  ['an address in another writing', '[0:0::1]:80,127.1:80', 'tcp ::1 80|tcp 127.0.0.1 80', '[0:0::1]:80=3 127.1:80=4', ''],
  ['both families serve a port', '8080', 'tcp :: 8080 both', '8080=3', ''],
  ['but IPv6 alone does not', '8080', 'tcp :: 8080', '', '3'],
  ['who names it better has it', '8080,[::]:8080', 'tcp :: 8080 both', '[::]:8080=3', ''],
  ['an exact one goes before one of both', '8080', 'tcp :: 8080 both|tcp 0.0.0.0 8080', '8080=4', '3'],
  ['one that does not listen', '8080', 'tcp 0.0.0.0 8080 deaf', '', '3'],
  ['of two that are alike the first', '8080', 'tcp 0.0.0.0 8080|tcp 0.0.0.0 8080', '8080=3', '4'],
  ['a path behind a link', '/var/run/a', 'unix /run/a', '/var/run/a=3', ''],
  ['no path', '/run/a', 'unix  0|unix /run/a 0 deaf|packets /run/a', '', '3 4 5'],
  ['no socket', '8080', 'file', '', '3'],
  ['port 0 is none that somebody has chosen', '0', 'tcp 0.0.0.0 4711', '', '3'],
]; // prettier-ignore

t.test('what is taken, and what is left', (t) => {
  for (const [what, options, sockets, taken, left] of rows) {
    const matches = matchSockets(options.split(',').map(specOf), given(sockets.split('|')), whole);
    const shown = Array.from(matches.taken, ([spec, { descriptor }]) => `${spec.key}=${String(descriptor)}`);
    const expected = taken.split(' ').filter((each) => each !== '');
    t.same([shown.sort(), matches.left.map(({ descriptor }) => descriptor).join(' ')], [expected.sort(), left], what);
  }
  t.end();
});

t.test('a port that the system has chosen is known by its name in the store', (t) => {
  const specs = ['127.0.0.1:0', 'u0'].map(specOf);
  const stored = [
    ...given(['udp 0.0.0.0 4711'], 'start_server u0'),
    ...given(['tcp 127.0.0.1 4712'], 'start_server 127.0.0.1_0'),
    ...given(['tcp 127.0.0.2 4713'], 'start_server 127.0.0.1_0'),
  ];
  const { taken, left } = matchSockets(specs, stored, whole);
  t.same(
    specs.map((spec) => taken.get(spec)?.facts?.port),
    [4712, 4711],
  );
  t.match(left, [{ facts: { port: 4713 } }]);
  t.end();
});

t.test('the option that would name it', (t) => {
  const table: readonly (readonly [string, string | undefined])[] = [
    ['tcp 0.0.0.0 80', '--port=80'],
    ['tcp 127.0.0.1 80', '--port=127.0.0.1:80'],
    ['udp 127.0.0.1 53', '--port=127.0.0.1:u53'],
    ['tcp :: 80', '--port=[::]:80'],
    ['tcp :: 80 both', '--port=80'],
    ['unix /run/a', '--path=/run/a'],
    ['unix @a', undefined],
    ['tcp 0.0.0.0 80 deaf', undefined],
    ['packets /run/a', undefined],
    ['file', undefined],
  ];
  for (const [socket, option] of table) t.equal(given([socket]).map(optionFor)[0], option, socket);
  for (const [socket, option] of table) {
    if (option === undefined) continue;
    const [, value = ''] = option.split('=');
    t.equal(matchSockets([specOf(value)], given([socket]), whole).left.length, 0, `${option} does name it`);
  }
  t.end();
});
