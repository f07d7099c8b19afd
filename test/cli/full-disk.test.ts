/** No room for a file at the start: one line with the reason, its errno as exit code, and nothing left behind. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { failing } from '../helpers/running/first-worker.js';
import { freePort, isFree } from '../helpers/place/ports.js';
import { room } from '../helpers/place/room.js';
import { cannotMount, fill, tinyDisk } from '../helpers/place/tiny-disk.js';

const [EFBIG, ENOSPC] = [27, 28];
const worker = ['--', 'sleep', '99'];

t.test('the pid file, where the disk is full', { skip: cannotMount() }, async (t) => {
  const cwd = room(t);
  fill(tinyDisk(t, join(cwd, 'disk')));
  const port = await freePort();
  const options = ['--pid-file=disk/pid', `--port=${String(port)}`, '--path=s', '--control=c', '--log-file=log'];
  const { code, stderr } = await failing(t, [...options, ...worker], { cwd });
  t.equal(code, ENOSPC);
  t.equal(
    stderr,
    'start_server (pid:S) starting now...\n' +
      'failed to write file:disk/pid: No space left on device; make room on its disk, or give another --pid-file\n',
  );
  t.same([readdirSync(join(cwd, 'disk')), readdirSync(cwd)], [['filler'], ['disk', 'log']]);
  t.ok(await isFree(port));
});

t.test('the pid file, where files may have no bytes', async (t) => {
  const cwd = room(t);
  const under = ['prlimit', '--fsize=0'];
  const { code, stderr } = await failing(t, ['--pid-file=pid', ...worker], { cwd, under });
  t.equal(code, EFBIG);
  t.match(stderr, /^failed to write file:pid: File too large; make room /m);
  t.same(readdirSync(cwd), []);
});

t.test('a pid file that was there before is not emptied', async (t) => {
  const cwd = room(t);
  writeFileSync(join(cwd, 'pid'), '99\n');
  const { code } = await failing(t, ['--pid-file=pid', ...worker], { cwd, under: ['prlimit', '--fsize=0'] });
  t.same([code, readFileSync(join(cwd, 'pid'), 'latin1')], [EFBIG, '99\n']);
});
