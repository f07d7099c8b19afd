/** The systemd of these tests: that it is a real one, and that nothing of it is left, however a test ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { fixture } from '../helpers/place/samples.js';
import { managerGroups, ServiceManager, withoutServiceManager } from '../helpers/systemd/service-manager.js';

const skip = withoutServiceManager();

t.test('a service runs, and its words are in the journal', { skip }, async (t) => {
  const manager = await ServiceManager.start(t);
  const script = "echo '<4>careful' >&2; systemd-notify --ready --status=serving; exec sleep 100";
  await manager.unit('a.service', `[Service]\nType=notify\nNotifyAccess=all\nExecStart=/bin/sh -c "${script}"\n`);
  t.same(await manager.systemctl('start', 'a'), { code: 0, stdout: '', stderr: '' });
  t.equal(await manager.property('a', 'StatusText'), 'serving');
  t.same(await manager.journal('a.service'), [{ priority: 4, text: 'careful' }]);
  t.match(await manager.remarks('a.service'), [/^Starting a\.service/, /^Started a\.service/]);
  t.ok(manager.version >= 252);
});

/** As /proc has them; others' come and go meanwhile. */
function mountsWith(...words: readonly string[]): string[] {
  const mounts = readFileSync('/proc/self/mounts', 'latin1').split('\n');
  return mounts.filter((mount) => words.some((word) => mount.includes(word)));
}

t.test('nothing is left of it when its test is killed, whatever others do', { skip }, async (t) => {
  const before = managerGroups();
  const mounts = mountsWith('cgroup');
  const child = spawn(process.execPath, ['--import=tsx', fixture('abandoned-manager.ts')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [line] = (await once(createInterface(child.stderr), 'line')) as [string];
  const [first = '', directory = ''] = line.split(' ');
  t.match(directory, /^\//);
  t.ok(existsSync(`/proc/${first}`));
  t.notSame(managerGroups(), before);
  child.kill('SIGKILL');
  await eventually('the end of its processes', () => !existsSync(`/proc/${first}`));
  await eventually('the end of its control groups', () => managerGroups().every((group) => before.includes(group)), {
    seen: () => managerGroups().join(' '),
  });
  t.same(mountsWith('cgroup', directory), mounts);
});
