/** What the kernel tells of sockets, locks and processes. Other users choose their names, titles and environments. */
import assert from 'node:assert/strict';
import { leftWorkers, type SeenProcess } from '../../src/core/workers/left-workers.js';
import { workersIn } from '../../src/core/report/status-format.js';
import { deviceOfMount } from '../../src/system/files/kernel-device.js';
import { holdersIn } from '../../src/system/files/lock-holders.js';
import { couldWrite, rightsIn } from '../../src/system/files/outsider.js';
import { countsAs } from '../../src/system/processes/proc.js';
import { generationIn, isSuperdaemonCommand } from '../../src/system/processes/process-role.js';
import { internetSocketsIn, isBeyondListening, isInTheWay } from '../../src/system/sockets/socket-table.js';
import type { Target } from './fuzzer.js';

const row = '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 101 1 0 100\n';

export const procTarget: Target = {
  name: 'proc-tables',
  seeds: [
    row,
    '1: FLOCK  ADVISORY  WRITE 549 fe:00:2146821 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 552 fe:00:2146821 0 EOF\n',
    '48 45 0:42 / /m rw,relatime - overlay overlay rw\n',
    'Name:\tx\nPid:\t42\nUid:\t1\t1\t1\t1\nGid:\t2\t2\t2\t2\nGroups:\t2 3 \nNSpid:\t42\t7\nCapPrm:\t0000000000000400\n',
    'PATH=/bin\0SERVER_STARTER_GENERATION=3\0',
    '/usr/bin/perl\0-w\0/usr/bin/start_server\0--\0./app\0',
    '1:42\n2:43\n1:42\n',
  ],
  tokens: [
    '0A ',
    ':1F90',
    '\n',
    '\0',
    ' ',
    'FLOCK',
    '-> ',
    'NSpid:',
    'start_server',
    'SERVER_STARTER_GENERATION=',
    '42',
  ],
  check: (input) => {
    checkTables(input);
    const rights = rightsIn(input);
    if (rights !== undefined) {
      const file = { uid: 1, gid: 2, mode: 0o644 };
      if (rights.uids.includes(0) || rights.uids.includes(1)) assert.ok(couldWrite(rights, file));
      couldWrite(rights, file, input);
    }
    if (countsAs(input, 42)) assert.ok(/^(?:NSpid|Pid):\D*0*42\D*$/m.test(input));
    if (isSuperdaemonCommand(input)) assert.ok(input.includes('start_server'));
    const generation = generationIn(input);
    if (generation) assert.ok(input.includes(`SERVER_STARTER_GENERATION=${generation}`));
    checkDecision(input);
  },
};

function checkTables(input: string): void {
  for (const kind of ['tcp', 'udp'] as const) {
    const inodes = internetSocketsIn(input, kind, (there) => isInTheWay(there, '0100007F:1F90'));
    for (const inode of inodes) assert.match(inode, /^[0-9]+$/);
    if (kind === 'tcp' && inodes.length > 0) assert.ok(input.includes(' 0A '));
  }
  isBeyondListening(input);
  for (const pid of holdersIn(input, { major: 0xfe, minor: 0 }, 2146821n)) assert.ok(pid >= 0);
  const device = deviceOfMount(input, '48');
  if (device !== undefined) assert.ok(device.major >= 0 && device.minor >= 0);
}

/** Whatever a status file names, only who holds a socket is told to end, and never process 1 or this one. */
function checkDecision(input: string): void {
  const named = workersIn(input).map(({ pid }) => pid);
  const seen = new Map<number, SeenProcess>(
    [1, 42, 43, 44].map((pid) => [
      pid,
      { pid, parent: pid === 1 ? 0 : 1, sockets: pid === 43 ? [] : ['7'], role: 'program' },
    ]),
  );
  const told = leftWorkers(named, new Map([...seen].filter(([pid]) => pid !== 1)), 44);
  assert.deepEqual(told, named.includes(42) ? [42] : []);
  assert.deepEqual(leftWorkers(named, seen, 44), [], 'when process 1 has the socket');
}
