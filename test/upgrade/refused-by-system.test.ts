/** The system refuses a step of an upgrade: one line tells of it, and everything is as before. */
import { rmSync } from 'node:fs';
import t from 'tap';
import { eventuallySame } from '../helpers/eventually.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { inject, withoutStrace } from '../helpers/processes/strace.js';
import { room } from '../helpers/place/room.js';
import { commanding } from '../helpers/running/control-socket.js';
import { childrenOf } from '../helpers/processes/children-of.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { Installed, refusal, upgrade, withoutUpgrade } from '../helpers/running/upgrades.js';

/** The call of the check, not that which reads /proc/PID/smaps when memory is given back. */
const paths: Partial<Record<string, string>> = { 'openat:error=EMFILE:when=1': '/dev/null' };

const table: Record<string, RegExp> = {
  'memfd_create:error=ENOMEM:when=1': /^memfd_create\(2\) failed: Cannot allocate memory$/,
  'memfd_create:error=EMFILE:when=1': /^memfd_create\(2\) failed: Too many open files$/,
  'pwrite64:error=ENOSPC:when=1': /^write\(2\) failed: No space left on device$/,
  'pipe2:error=EMFILE:when=1': /^pipe2?\(2\) failed: Too many open files$/,
  'pipe2:error=EMFILE:when=2': /^pipe2?\(2\) failed: Too many open files$/,
  'openat:error=EMFILE:when=1': /^open\(2\) failed: Too many open files$/,
  'vfork:error=EAGAIN:when=1': /^fork\(2\) failed: Resource temporarily unavailable$/,
  // What is written is cut off, and the other image finds that.
  'pwrite64:retval=1000000:when=1': /says \S*the handover document cannot be understood: it is cut off/,
  // After the check.
  'memfd_create:error=ENOMEM:when=2': /^memfd_create\(2\) failed: Cannot allocate memory$/,
  'pwrite64:error=ENOSPC:when=2': /^write\(2\) failed: No space left on device$/,
  'execve:error=ENOMEM:when=1': /^execve\(2\) failed: Cannot allocate memory$/,
  'execve:error=E2BIG:when=1': /^execve\(2\) failed: Argument list too long$/,
  'execve:error=ENOENT:when=1': /^execve\(2\) failed: No such file or directory$/,
};

for (const [injection, reason] of Object.entries(table))
  t.test(injection, { skip: withoutUpgrade || withoutStrace }, async (t) => {
    const words = ['--interval=0', '--port=127.0.0.1:0', '--path=s', '--pid-file=pid', '--control=c', '--ready=notify'];
    const run = new FaultRun(t, [...words, '--', 'sleep', '99']);
    await run.sees(/^starting new worker/);
    await upgrade(run);
    const standing = () => [procFile(run.pid, 'auxv'), childrenOf(run.pid), descriptorsOf(run.pid).sort()];
    const before = standing();
    const detach = await inject(t, run.pid, injection, paths[injection]);
    t.match(await refusal(run), reason);
    // A child that has agreed is not waited for.
    await run.until('the end of the child that was asked', () =>
      childrenOf(run.pid).every((pid) => run.workers.includes(pid)),
    );
    await eventuallySame(t, standing, before);
    await detach();
    await upgrade(run, 2);
    t.same(await run.stop(), success);
    t.equal(run.workers.length, 1);
  });

t.test(
  'signals that come while an exec is refused are answered',
  { skip: withoutUpgrade || withoutStrace },
  async (t) => {
    const run = new FaultRun(t, ['--interval=0', '--', 'sleep', '99']);
    await run.sees(/^starting new worker/);
    await inject(t, run.pid, 'execve:error=ENOMEM:delay_enter=700000:when=1');
    run.signal('SIGUSR2');
    await run.until('the exec', () => /^(?:59|-1) /.test(procFile(run.pid, 'syscall')));
    run.signal('SIGHUP');
    await run.sees(/^upgrade refused/);
    await run.sees(/^old worker \d+ died/);
    t.same(await run.stop(), success);
  },
);

t.test('one that was started without its preloaded library', { skip: withoutUpgrade }, async (t) => {
  const installed = new Installed(t);
  rmSync(installed.path('build/Release/preload.so'));
  const how = { cwd: room(t), starter: installed.starter };
  const run = new FaultRun(t, ['--interval=0', '--control=c', '--', 'sleep', '99'], how);
  await run.sees(/^starting new worker/);
  t.match(await refusal(run), /^this start_server runs without its preloaded library/);
  const asked = commanding(t, ['--upgrade'], run.directory);
  t.same(await asked.ended(), { code: 75, signal: null });
  t.same(await run.stop(), success);
});
