import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import t from 'tap';
import { parsePortSpec } from '../../src/core/command-line/port-spec.js';
import { originalStarter } from '../helpers/running/original.js';

const starter = originalStarter();

/** Port 0 everywhere, so that nothing else on the machine is in the way. */
// prettier-ignore
const values = [
  '0', ' 0 ', '\t0\n', '00', 'u0', '0 =7', '127.0.0.1:0 =7 ', '0=07', '0= 7', '0=', '0=x', '0=-1', '=5', '0 0', '0,0', '0;0',
  '127.0.0.1:0', '127.0.0.1: 0', '127.0.0.1 :0', '127.1:0', '0:0', '017700000001:0', 'localhost:0', 'LocalHost:u0',
  '[127.0.0.1]:0', '[localhost]:0', '[ 127.0.0.1]:0', '[127.0.0.1 ]:0', '[127.0.0.1] : u0 =9', '127.0.0.1]:0', '[[::1]:0',
  '[::1]:0', '::1:0', '[::1] : 0', '[::1:0', '::1]:0', ' [::1]:u00 =9 ', '[::]:0', ':::0', '[::1]0', '[::1]:', '127.0.0.1:',
  '::0', '[ ::1 ]:0', '[fe80::1%lo]:0', 'http://127.0.0.1:0', '256.1.1.1:0', '08.1:0', ':0', '[]:0', 'abc', '-1', '', '--', 'U0', '0u',
];

/** What became of a port: its entry in SERVER_STARTER_PORT without a number that nobody asked for, or what is wrong. */
function original(value: string): string {
  const script = 'printf "%s" "$SERVER_STARTER_PORT"; kill $PPID; exec sleep 99';
  const { stdout, stderr, status } = spawnSync(
    starter ?? '',
    ['--port', value, '--interval=1', '--', 'sh', '-c', script],
    {
      encoding: 'latin1',
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    },
  );
  if (status === 0) return value.includes('=') ? stdout : stdout.replace(/=\d+$/, '');
  const [, line = ''] = stderr.split(/(?<=starting now\.\.\.)\n/);
  return `${String(status)} ${kindOfFailure(line)}`;
}

function ours(value: string): string {
  const spec = parsePortSpec(value);
  if (spec.ok) return spec.value.key + (spec.value.fixed === undefined ? '' : `=${spec.value.fixed.text}`);
  return `${String(spec.error.exitCode)} ${kindOfFailure(spec.error.message)}`;
}

/** The original blames Perl for an IPv6 address that is none; here that is an invalid port with a reason. */
function kindOfFailure(line: string): string {
  return /No support for IPv6|is not an IPv6 address/.test(line) ? 'bad IPv6 address' : (line.split(':')[0] ?? '');
}

t.test('ports are read as the original reads them', { skip: starter === undefined && 'no original here' }, (t) => {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const hasIpv6 = addresses.some(({ address }) => address === '::1');
  for (const value of values)
    if (hasIpv6 || !value.includes('::')) t.equal(ours(value), original(value), JSON.stringify(value));
  t.end();
});
