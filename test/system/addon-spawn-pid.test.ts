/** A program is told its own pid, which nobody knows before the fork. */
import t from 'tap';
import { callElsewhere, probed } from '../helpers/processes/native.js';

const EPERM = 1;
const env = ['A=1', 'LISTEN_PID=', 'LISTEN_PIDFDID=2'];

t.test('the variable has the pid of the program, and its place', async (t) => {
  const dump = await probed(t, { env, pidVariable: 'LISTEN_PID' });
  t.same(dump.environ, ['A=1', `LISTEN_PID=${String(dump.process.pid)}`, 'LISTEN_PIDFDID=2']);
  t.same((await probed(t, { env })).environ, env, 'only where it is asked for');
});

t.test('where there is no vfork, too', async (t) => {
  const args = ['sh', '-c', '[ "$LISTEN_PID" = $$ ] || exit 3'];
  const request = { file: '/bin/sh', args, env: ['LISTEN_PID=x'], fds: [], pidVariable: 'LISTEN_PID' };
  t.match(await callElsewhere('spawn', [request]), { status: 0 });
  t.match(await callElsewhere('spawn', [request], { refuse: ['vfork', EPERM] }), { status: 0 });
});
