/** What --stop looks at before its signal: every look keeps the operator waiting. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { wholeCalls, withoutStrace } from '../helpers/processes/strace.js';
import { command, serving } from '../helpers/running/control.js';

t.test('before its TERM it does not wait for a lock, nor look at all processes', { skip: withoutStrace }, async (t) => {
  const run = await serving(t);
  const trace = join(run.directory, 'trace');
  const under = ['strace', '-f', '-qq', '-o', trace, '-e', 'trace=flock,openat,kill'];
  t.same(await command(t, 'stop', run.directory, { under }).ended(), { code: 0, signal: null });
  const [before = '', after] = wholeCalls(readFileSync(trace, 'latin1')).split(`kill(${String(run.pid)}, SIGTERM)`);
  t.equal(after?.startsWith(' '), true);
  t.equal(before.match(/^flock\(.*EAGAIN/gm)?.length, 2, 'one look to find it, and one more before the signal');
  t.match(before, `"/proc/${String(run.pid)}/task"`);
  t.notMatch(before, /"\/proc", .*O_DIRECTORY/);
});
