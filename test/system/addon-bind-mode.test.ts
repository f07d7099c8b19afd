/** The file of a unix socket gets its mode from a child's umask, since that of this process is every thread's. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { ListenerRequest } from '../../src/system/engine/addon.js';
import { callElsewhere } from '../helpers/processes/native.js';
import { fixture } from '../helpers/place/samples.js';
import { slowed, withoutStrace } from '../helpers/processes/strace.js';
import { workspace } from '../helpers/place/workspace.js';

const [EPERM, EAGAIN, EINVAL, ENOSYS, EADDRINUSE] = [1, 11, 22, 38, 98];
const addonFile = join(import.meta.dirname, '../../build/Release/superdaemon.node');

function wanted(address: string, mode?: number): ListenerRequest {
  return { family: 'unix', type: 'stream', address, port: 0, backlog: 1, ...(mode !== undefined && { mode }) };
}

t.test('files that other threads make meanwhile get their own mode', { skip: withoutStrace }, (t) => {
  const directory = join(workspace(t), 'd');
  mkdirSync(directory);
  // A bind of a fifth of a second: any umask of the whole process would show in hundreds of files.
  const [strace = '', ...words] = slowed('bind:delay_enter=200000').filter((word) => word !== '-D');
  const program = [process.execPath, fixture('files-beside-a-bind.mjs'), addonFile, directory];
  t.same(JSON.parse(execFileSync(strace, [...words, ...program], { encoding: 'utf8' })), {
    files: ['644'],
    socket: '777',
  });
  t.end();
});

t.test('without vfork, and where there can be no child at all, the mode is the same', async (t) => {
  for (const [index, errno] of [EPERM, EINVAL, ENOSYS, EAGAIN].entries()) {
    for (const mode of [0o777, 0o640]) {
      const address = join(workspace(t), String(index));
      const { error } = await callElsewhere('openListener', [wanted(address, mode)], { refuse: ['vfork', errno] });
      t.equal(error, undefined);
      t.equal(statSync(address).mode & 0o7777, mode, `${String(errno)} ${mode.toString(8)}`);
    }
  }
});

t.test('why it was refused comes back from the child', async (t) => {
  const address = join(workspace(t), 's');
  const calls = [1, 2].map(() => callElsewhere('openListener', [wanted(address)]));
  const errors = (await Promise.all(calls)).flatMap(({ error }) => error ?? []);
  t.match(errors, [{ code: 'EADDRINUSE', errno: -EADDRINUSE, syscall: 'bind' }]);
});
