import t from 'tap';
import {
  assignDescriptors,
  checkListenerSpecs,
  parsePathSpec,
  parsePortSpec,
  serverStarterPort,
  type ListenerSpec,
} from '../../src/core/command-line/port-spec.js';

/** The parts of a port in one line: kind, address or host to look up, port, key, fixed descriptor. */
function summary(text: string): string {
  const spec = parsePortSpec(text);
  if (!spec.ok) return `${String(spec.error.exitCode)} ${spec.error.message}`;
  if (spec.value.kind === 'unix') return 'unix';
  const { kind, address, host, port, key, fixed } = spec.value;
  return [
    kind,
    address ?? `look up ${String(host)}`,
    port,
    key,
    fixed === undefined ? '-' : `${String(fixed.number)} ${fixed.text}`,
  ].join(' ');
}

const accepted: readonly (readonly [string, string])[] = [
  ['18080', 'tcp 0.0.0.0 18080 18080 -'],
  [' 18080 ', 'tcp 0.0.0.0 18080 18080 -'],
  ['\t18080\n', 'tcp 0.0.0.0 18080 18080 -'],
  ['u18080', 'udp 0.0.0.0 18080 18080 -'],
  ['127.0.0.1:18080', 'tcp 127.0.0.1 18080 127.0.0.1:18080 -'],
  ['127.0.0.1: 18080', 'tcp 127.0.0.1 18080 127.0.0.1:18080 -'],
  ['LocalHost:18080', 'tcp look up LocalHost 18080 LocalHost:18080 -'],
  ['[::1]:18080', 'tcp ::1 18080 [::1]:18080 -'],
  ['::1:18080', 'tcp ::1 18080 [::1]:18080 -'],
  ['[::1] : 18080', 'tcp ::1 18080 [::1]:18080 -'],
  ['[::1:18080', 'tcp ::1 18080 [::1]:18080 -'],
  ['::1]:18080', 'tcp ::1 18080 [::1]:18080 -'],
  [':::18080', 'tcp :: 18080 [::]:18080 -'],
  ['[127.0.0.1]:18080', 'tcp 127.0.0.1 18080 127.0.0.1:18080 -'],
  ['[localhost]:18080', 'tcp look up localhost 18080 localhost:18080 -'],
  ['localhost:u10053', 'udp look up localhost 10053 localhost:10053 -'],
  ['[::1]:u18080', 'udp ::1 18080 [::1]:18080 -'],
  ['018080', 'tcp 0.0.0.0 18080 018080 -'],
  ['00', 'tcp 0.0.0.0 0 00 -'],
  ['u0', 'udp 0.0.0.0 0 0 -'],
  ['0:18080', 'tcp 0.0.0.0 18080 0:18080 -'],
  ['127.1:18080', 'tcp 127.0.0.1 18080 127.1:18080 -'],
  ['tcp:18080', 'tcp look up tcp 18080 tcp:18080 -'],
  ['18080 =7', 'tcp 0.0.0.0 18080 18080 7 7'],
  ['127.0.0.1:18080 =07 ', 'tcp 127.0.0.1 18080 127.0.0.1:18080 7 07'],
  ['65535', 'tcp 0.0.0.0 65535 65535 -'],
];

// prettier-ignore
const invalid = [
  'abc', '-1', '', '--', 'U18080', '18080u', '[::1]18080', '[::1]:', '127.0.0.1:', '18080,18081', '18080;18081', '18080=',
  '18080=x', '18080=-1', '18080= 7', '=5', '\xa018080',
];

const refused: readonly (readonly [string, RegExp])[] = [
  [':18080', /^255 failed to resolve host::the host is empty; /],
  ['[]:18080', /^255 failed to resolve host::/],
  ['127.0.0.1 :18080', /^255 failed to resolve host:127\.0\.0\.1 :"127\.0\.0\.1 " is neither a host name nor an IPv4/],
  ['0x7f000001:18080', /^255 failed to resolve host:0x7f000001:/],
  ['256.1.1.1:18080', /^255 failed to resolve host:256\.1\.1\.1:/],
  ['::18080', /^255 invalid ``port'' value:::18080: ":" is not an IPv6 address; give one as in \[::1\]:8080$/],
  ['[ ::1 ]:18080', /"::1 " is not an IPv6 address/],
  ['[fe80::1%lo]:18080', /"fe80::1%lo" is not an IPv6 address/],
  ['http://127.0.0.1:18080', /is not an IPv6 address/],
  ['65536', /^255 invalid ``port'' value:65536: a port is a number from 0 to 65535;/],
  ['99999999999', /from 0 to 65535/],
  ['a;b:18080', /^255 invalid ``port'' value:a;b:18080: a host must not contain ";" or "=", since no worker could/],
  ['a=b:18080', /must not contain/],
];

t.test('--port', (t) => {
  for (const [text, expected] of accepted) t.equal(summary(text), expected, JSON.stringify(text));
  for (const text of invalid)
    t.equal(summary(text), `255 invalid \`\`port'' value:${text}; give PORT, HOST:PORT or [IPV6]:PORT`);
  for (const [text, expected] of refused) t.match(summary(text), expected);
  t.end();
});

t.test('--path', (t) => {
  for (const path of ['/t/a.sock', '8080', '@abstract', 'a b\n,\xc3\xa9', 'x'.repeat(108)]) {
    t.same(parsePathSpec(path, 108), {
      ok: true,
      value: { kind: 'unix', family: 'unix', path, key: path, fixed: undefined },
    });
  }
  const message = (path: string, longest: number) => {
    const spec = parsePathSpec(path, longest);
    return spec.ok ? 'accepted' : `${String(spec.error.exitCode)} ${spec.error.message}`;
  };
  t.match(message('/t/a;b', 108), /^255 invalid path "\/t\/a;b": it must not contain ";" or "=", since/);
  t.equal(message('', 108), '255 invalid path "": it is empty; give the name of a file');
  t.match(message('/t/a=b', 108), /must not contain/);
  t.match(message('/t/a=b=5', 108), /must not contain/);
  t.match(message('=5', 108), /must not contain/);
  t.match(message('x'.repeat(109) + '=5', 108), /109 bytes are too long/);
  t.same(parsePathSpec('/t/a=05', 108), {
    ok: true,
    value: { kind: 'unix', family: 'unix', path: '/t/a', key: '/t/a', fixed: { number: 5, text: '05' } },
  });
  t.match(
    message('x'.repeat(105), 104),
    /: 105 bytes are too long for a unix socket, the system takes 104; give a shorter path/,
  );
  t.equal(message('x'.repeat(104), 104), 'accepted');
  t.end();
});

/** Specs from what would be typed; a text with a slash is a path. */
function specs(...texts: string[]): ListenerSpec[] {
  return texts.map((text) => {
    const spec = text.includes('/') ? parsePathSpec(text, 108) : parsePortSpec(text);
    if (!spec.ok) throw new Error(spec.error.message);
    return spec.value;
  });
}

t.test('listeners that cannot be together', (t) => {
  const check = (softNofile: number, ...texts: string[]) => checkListenerSpecs(specs(...texts), softNofile);
  t.same(check(20000, '1', '2=5', '3=19999', '/t/s', '4=0'), { ok: true, value: [] });
  t.same(check(20000, '1=20000'), {
    ok: false,
    error: {
      message: 'dup2(2) failed(20000): Bad file descriptor; give a number below 20000, the limit of open files',
      exitCode: 9,
    },
  });
  t.same(check(256, '1=0256'), {
    ok: false,
    error: {
      message: 'dup2(2) failed(0256): Bad file descriptor; give a number below 256, the limit of open files',
      exitCode: 9,
    },
  });
  t.match(check(256, '1=5', '2=05'), {
    ok: false,
    error: { message: /^descriptor 5 is asked for twice, by "1" and "2"; /, exitCode: 255 },
  });
  t.match(check(Infinity, '80', 'u80', '80'), {
    ok: true,
    value: [/^warning: more than one socket is called "80" in SERVER_STARTER_PORT, /],
  });
  t.match(check(256, '80', '[::]:80', '127.0.0.1:80', '080'), { ok: true, value: { length: 0 } });
  t.end();
});

const assigned: readonly (readonly [readonly string[], readonly number[], readonly number[], string])[] = [
  [[], [], [], ''],
  [['80', '[::1]:u81', '/t/s'], [], [3, 4, 5], '80=3;[::1]:81=4;/t/s=5'],
  [['80=4', '81', '82', '83=03', '84'], [], [4, 5, 6, 3, 7], '80=4;81=5;82=6;83=03;84=7'],
  [['80', '81=3', '82'], [4, 7], [5, 3, 6], '80=5;81=3;82=6'],
  [['80=7', '81=0', '82'], [3, 7], [7, 0, 4], '80=7;81=0;82=4'],
];
t.test('descriptors and SERVER_STARTER_PORT', (t) => {
  for (const [texts, taken, numbers, variable] of assigned) {
    const listeners = specs(...texts);
    const assigned = assignDescriptors(listeners, new Set(taken));
    t.same(
      assigned,
      listeners.map((spec, index) => ({ spec, number: numbers[index] })),
      variable,
    );
    t.equal(serverStarterPort(assigned), variable);
  }
  t.end();
});
