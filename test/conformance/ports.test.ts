/** --port. How every text is read is in port-spec.test.ts; this is what becomes of the sockets. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createSocket } from 'node:dgram';
import t from 'tap';
import { freePort } from '../helpers/place/ports.js';
import { started, type Scenario } from '../helpers/side-by-side/scenario.js';
import { sideBySide } from '../helpers/side-by-side/side-by-side.js';

const steps = [started(1)];

const opened: readonly (readonly string[])[] = [
  ['{P}'],
  [' {P}'],
  ['\t{P}\n'],
  ['0{P}'],
  ['u{P}'],
  ['127.0.0.1:{P}'],
  ['127.0.0.1: {P}'],
  ['localhost:{P}'],
  ['LocalHost:u{P}'],
  ['[::1]:{P}'],
  ['::1:u{P}'],
  ['[::1] : {P}'],
  ['[::1:{P}', '{Q}'],
  ['{P}', '[::]:{P}'],
  ['[127.0.0.1]:{P}', '[localhost]:{Q}'],
  ['0:{P}', '127.1:{Q}'],
  ['0', '00', 'u0', '127.0.0.1:0'],
  ['127.0.0.1:{P}', '127.0.0.2:{P}'],
  ['{P}=9', '{Q} =17 '],
  ['127.0.0.1:{P}=9', '[::1]:{P}=010', 'u{Q}=100'],
  ['{P}', '{Q}=9'],
  ['127.0.0.1:0=0'],
  ['127.0.0.1:0=0', '127.0.0.1:0=9'],
  ['127.0.0.1:0=5000'],
];

/** None of them opens anything. */
const refused: readonly (readonly string[])[] = [
  ...['abc', '-1', '--', 'U{P}', '{P}u', '[::1]{P}', '[::1]:', '127.0.0.1:', '{P},{Q}', '{P};{Q}'].map((port) => [
    port,
  ]),
  ...['{P}=', '{P}=x', '{P}=-1', '{P}= 7', '=5', ''].map((port) => [port]),
  ...[':{P}', '[]:{P}', '*:{P}', 'tcp:{P}', 'u127.0.0.1:{P}', '127.0.0.1 :{P}', '0x7f000001:{P}'].map((port) => [port]),
  ['{P}', '{P}'],
  ['{P}', '127.0.0.1:{P}'],
  ['127.0.0.1:{P}', '1:{P}'],
  ['{P}', '18080:18081'],
  ['[::ffff:127.0.0.1]:{P}'],
  ['{P}=99999'],
];

const taken = await freePort();
const holder = createServer().listen(taken, '127.0.0.1');
await once(holder, 'listening');
const takenForUdp = await freePort();
const datagrams = createSocket('udp4').bind(takenForUdp, '127.0.0.1');
await once(datagrams, 'listening');
t.teardown(() => {
  holder.close();
  datagrams.close();
});

const asNobody = ['setpriv', '--reuid=65534', '--clear-groups', '--inh-caps=-all'];
const withPorts = (ports: readonly string[]) => ports.flatMap((port) => ['--port', port]);
const backlogs = ['1', '10', '0', '-1', '100000'];

sideBySide(t, {
  ...Object.fromEntries(opened.map((ports) => [`opened: ${ports.join(' ')}`, { options: withPorts(ports), steps }])),
  ...Object.fromEntries(
    refused.map((ports): [string, Scenario] => [
      `refused: ${ports.join(' ')}`,
      { options: withPorts(ports), end: 'itself' },
    ]),
  ),
  ...Object.fromEntries(
    backlogs.map((value) => [
      `--backlog=${value}`,
      { options: [`--backlog=${value}`, '--port={P}', '--path=s'], steps },
    ]),
  ),
  'a port that another server has': { options: [`--port=${String(taken)}`], end: 'itself' },
  'a port that another server has, after one that is free': {
    options: ['--port={P}', `--port=localhost:${String(taken)}`, '--path=s'],
    end: 'itself',
  },
  'a UDP port that another server has': { options: [`--port=u${String(takenForUdp)}`], end: 'itself' },
  'a privileged port': { options: ['--port=80'], under: asNobody, end: 'itself' },
  'a privileged UDP port': { options: ['--port=127.0.0.1:u53'], under: asNobody, end: 'itself' },
});
