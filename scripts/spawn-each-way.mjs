/**
 * Does once everything that the addon can do with sockets and children, for scripts/valgrind.sh: spawn-each-way.mjs
 * ADDON.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const target = { exports: {} };
process.dlopen(target, process.argv[2]);
const addon = target.exports;
const directory = mkdtempSync(join(tmpdir(), 'superdaemon-valgrind-'));

const tcp = addon.openListener({ family: 'inet', type: 'stream', address: '127.0.0.1', port: 0, backlog: 16 });
const udp = addon.openListener({ family: 'inet6', type: 'datagram', address: '::1', port: 0, backlog: 0 });
const path = join(directory, 's');
const unix = addon.openListener({ family: 'unix', type: 'stream', address: path, port: 0, backlog: 16 });
if (!addon.isAccepting(path)) throw new Error('nobody accepts');
if (addon.unixListeners().length === 0) throw new Error('nobody listens');
addon.localPort(tcp);

const standard = [0, 1, 2].map((fd) => [fd, fd]);
const base = { env: addon.environ(), fds: standard };
const children = [
  { ...base, file: 'true', args: ['true'] },
  // Two descriptors change places.
  { ...base, file: 'true', args: ['true'], fds: [...standard, [tcp, udp], [udp, tcp], [unix, 40]] },
  {
    ...base,
    file: 'true',
    args: ['true'],
    ignoredSignals: [13],
    blockedSignals: [10],
    softLimits: { nofile: 64 },
    newSession: true,
  },
  { ...base, file: 'true', args: ['true'], daemon: true },
  { ...base, file: '/nonexistent/program', args: ['x'.repeat(100_000)] },
  { ...base, file: 'true', args: ['true'], cwd: '/nonexistent' },
];
for (const child of children) await ended(addon.spawn(child));
for (const refused of [{ ...base, file: 'true', args: ['true'], fds: [[999, 3]] }]) {
  try {
    addon.spawn(refused);
    throw new Error('a closed descriptor was passed on');
  } catch (error) {
    if (error.code !== 'EBADF') throw error;
  }
}
addon.dup2(unix, udp);
addon.tryLock(addon.pipe()[0]);
rmSync(directory, { recursive: true });
process.stdout.write(`${children.length} children\n`);

async function ended(pid) {
  while (addon.waitpid(pid) === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
}
