import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import t from 'tap';
import { descriptors, failing, firstWorker } from '../helpers/running/first-worker.js';
import { freePort, isFree } from '../helpers/place/ports.js';
import { probe } from '../helpers/processes/probe.js';

const P = await freePort();
const text = (template: string) => template.replaceAll('P', String(P));
const program = ['--interval=0', '--', probe()];

/** Runs with these values of --port; gives the exit code and the lines after the first one. */
async function refusal(t: Parameters<typeof failing>[0], values: readonly string[], under: readonly string[] = []) {
  const ports = values.map((value) => `--port=${text(value)}`);
  const { code, stderr, stdout } = await failing(t, [...ports, ...program], { under });
  t.equal(stdout, '');
  const [first, ...lines] = stderr.split('\n').slice(0, -1);
  t.equal(first, 'start_server (pid:S) starting now...');
  t.ok(await isFree(P), `nobody listens after ${JSON.stringify(values)}`);
  return { code, lines };
}

const invalid = [
  ...['abc', '-1', '--', 'UP', 'Pu', '[::1]P', '[::1]:', '127.0.0.1:', 'P,P', 'P;P', 'P=', 'P=x', 'P=-1', 'P= 7', '=5'],
  ...['P=0x5', 'P.0', '1e3', '\xbd'],
];
const remedy = 'give PORT, HOST:PORT or [IPV6]:PORT';
t.test('what is no port at all', async (t) => {
  for (const value of invalid) {
    const { code, stderr } = await failing(t, ['--port', text(value), ...program]);
    t.equal(code, 255, value);
    const shown = Buffer.from(text(value)).toString('latin1');
    t.equal(stderr, `start_server (pid:S) starting now...\ninvalid \`\`port'' value:${shown}; ${remedy}\n`);
  }
  t.match(await failing(t, ['--port', '', ...program]), {
    code: 255,
    stderr: /\ninvalid ``port'' value:; give PORT, HOST:PORT or \[IPV6\]:PORT\n$/,
  });
});

const unfit: readonly (readonly [string, RegExp])[] = [
  // The original binds 70000 modulo 65536.
  ['70000', /^invalid ``port'' value:70000: a port is a number from 0 to 65535;/],
  ['65536', /^invalid ``port'' value:65536: a port is/],
  ['99999999999', /^invalid ``port'' value:99999999999: a port is/],
  // No worker could take these apart in SERVER_STARTER_PORT.
  ['a;b:P', /^invalid ``port'' value:a;b:\d+: a host must not contain ";" or "="/],
  ['a=b:P', /^invalid ``port'' value:a=b:\d+: a host must not contain/],
  ['::P', /^invalid ``port'' value:::\d+: ":" is not an IPv6 address/],
  ['[ ::1 ]:P', /^invalid ``port'' value:.* is not an IPv6 address/],
  ['[fe80::1%lo]:P', /^invalid ``port'' value:.* is not an IPv6 address/],
  ['http://127.0.0.1:P', /^invalid ``port'' value:.* is not an IPv6 address/],
  [':P', /^failed to resolve host::the host is empty/],
  ['[]:P', /^failed to resolve host::/],
  ['*:P', /^failed to resolve host:\*:/],
  ['uP:uP', /^failed to resolve host:u\d+:/],
  ['u127.0.0.1:P', /^failed to resolve host:u127\.0\.0\.1:/],
  ['127.0.0.1 :P', /^failed to resolve host:127\.0\.0\.1 :/],
  ['0x7f000001:P', /^failed to resolve host:0x7f000001:/],
  ['no.such.host.invalid:P', /^failed to resolve host:no\.such\.host\.invalid:/],
];
t.test('ports and hosts that cannot be', async (t) => {
  for (const [value, line] of unfit) {
    const { code, lines } = await refusal(t, [value]);
    t.equal(code, 255, value);
    t.match(lines, [line], value);
    t.equal(lines.length, 1);
  }
});

t.test('a mistake in the last value is found before the first is bound', async (t) => {
  const { code, lines } = await refusal(t, ['P', 'P=x']);
  t.equal(code, 255);
  t.same(lines, [`${text("invalid ``port'' value:P=x")}; ${remedy}`]);
});

const unboundable: readonly (readonly [values: readonly string[], line: string, code: number])[] = [
  [
    ['127.0.0.1:P', '1:P'],
    'failed to bind to 1:P:Cannot assign requested address; give an address that this machine has',
    99,
  ],
  [
    ['P', '18080:18081'],
    'failed to bind to 18080:18081:Cannot assign requested address; give an address that this machine has',
    99,
  ],
  [['P', '[::ffff:127.0.0.1]:P'], 'failed to bind to [::ffff:127.0.0.1]:P:Invalid argument; give another --port', 22],
  [
    ['P', '127.0.0.1:P'],
    'failed to bind to 127.0.0.1:P:Address already in use; --port=P of this command line has it, leave one of the two out',
    98,
  ],
  [
    ['0P', 'P'],
    'failed to bind to P:Address already in use; --port=0P of this command line has it, leave one of the two out',
    98,
  ],
];
t.test('what the system refuses', async (t) => {
  for (const [values, line, code] of unboundable) {
    t.same(await refusal(t, values), { code, lines: [text(line)] });
  }
});

t.test('a port that another server has', async (t) => {
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { code, stderr } = await failing(t, [`--port=${String(port)}`, ...program]);
  t.equal(code, 98);
  t.match(
    stderr,
    new RegExp(
      `\nfailed to bind to ${String(port)}:Address already in use; process ${String(process.pid)} \\(".+"\\) has it: ` +
        'stop it, or give another --port\n$',
    ),
  );
});

t.test('a UDP port that another instance has', async (t) => {
  const { run } = await firstWorker(t, [text('--port=uP')]);
  // The original sets SO_REUSEADDR, starts, and takes the traffic.
  const second = await failing(t, [text('--port=uP'), ...program]);
  t.match(second, {
    code: 98,
    stderr: new RegExp(
      text(
        `\nfailed to bind to P:Address already in use; process ${String(run.pid)} \\(".+"\\) has it: stop it, or give`,
      ),
    ),
  });
});

t.test('a UDP port of somebody who would share it', async (t) => {
  const port = await freePort();
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.bind(port);
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  t.equal((await failing(t, [`--port=u${String(port)}`, ...program])).code, 98);
});

const lowestOfEveryone = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'latin1'));
const cannotDrop = process.getuid?.() !== 0 && 'only root can become another user';
const notPrivileged = lowestOfEveryone <= 80 && 'every user may bind low ports here';
t.test('a privileged port', { skip: cannotDrop || notPrivileged }, async (t) => {
  const under = ['setpriv', '--reuid=65534', '--clear-groups', '--inh-caps=-all'];
  for (const [value, key] of [
    ['80', '80'],
    ['u53', '53'],
  ] as const) {
    t.same(await refusal(t, [value], under), {
      code: 13,
      lines: [
        `failed to bind to ${key}:Permission denied; give a port above 1023, or the right CAP_NET_BIND_SERVICE to start_server`,
      ],
    });
  }
});

t.test('descriptors that cannot be', async (t) => {
  const limited = ['prlimit', '--nofile=256:256'];
  for (const number of ['256', '0256', '20000', '99999999999999999999']) {
    const { code, lines } = await refusal(t, [`P=${number}`], limited);
    t.same(
      { code, lines },
      {
        code: 9,
        lines: [`dup2(2) failed(${number}): Bad file descriptor; give a number below 256, the limit of open files`],
      },
    );
  }
  // The original gives the second socket to both, and closes the first.
  const twice = await refusal(t, ['127.0.0.1:P=5', '127.0.0.2:P=05']);
  t.equal(twice.code, 255);
  t.match(twice.lines, [/^descriptor 5 is asked for twice, by /]);
});

t.test('two sockets of one name are a warning', async (t) => {
  const { run, dump } = await firstWorker(t, [text('--port=P'), text('--port=uP')]);
  t.match(run.lines[1], text('warning: more than one socket is called "P" in '));
  t.equal(run.lines.length, 3);
  t.same(
    [3, 4].map((number) => dump.fds.get(number)?.options['SO_TYPE']),
    [1, 2],
  );
  await run.stop();
});

t.test('sockets that do not clash', async (t) => {
  for (const values of [
    ['P', '[::]:P'],
    ['127.0.0.1:P', '127.0.0.2:P'],
    ['0', '0'],
    ['127.0.0.1:P', 'uP'],
  ]) {
    const { run, dump } = await firstWorker(
      t,
      values.map((value) => `--port=${text(value)}`),
    );
    t.same(descriptors(dump), [0, 1, 2, 3, 4], values.join(' '));
    await run.stop();
  }
});
