/** Signals of all kinds while one image after the other falls asleep and wakes: none kills it, and no HUP is lost. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import t from 'tap';
import { awake, filesOfImage, sleepRequest, withoutSleeper } from '../helpers/images/asleep.js';
import { compiled } from '../helpers/place/compile.js';
import { eventually } from '../helpers/eventually.js';
import type { Image } from '../helpers/images/image.js';
import { request } from '../helpers/processes/native.js';
import { sized } from '../helpers/reliability/reliability.js';

const { SIGHUP, SIGTERM, SIGINT, SIGUSR1, SIGUSR2, SIGCHLD, SIGIO, SIGALRM, SIGWINCH } = constants.signals;
/** None that queues: with a hundred thousand of such to be handled first, a process comes to nothing else for seconds. */
const noise = [SIGINT, SIGUSR1, SIGUSR2, SIGCHLD, SIGIO, SIGWINCH, SIGALRM];
const cycles = sized(50, 1000);

/** Sends HUP again and again, each when the last was told, until `isOver`; gives how many. */
async function hups(image: Image, isOver: () => boolean): Promise<number> {
  let looked = 0;
  for (let sent = 1; ; sent += 1) {
    process.kill(image.pid, SIGHUP);
    const place = await image.sees(`HUP ${String(sent)}`, () => {
      const found = image.signals.indexOf(SIGHUP, looked);
      looked = image.signals.length;
      return found >= 0 && found + 1;
    });
    looked = place;
    if (isOver()) return sent;
  }
}

t.test(`${String(cycles)} times asleep and awake in a storm of signals`, { skip: withoutSleeper }, async (t) => {
  const files = filesOfImage(t);
  const image = await awake(t, files);
  const child = Number(await image.call('spawn', [request('/bin/sleep', ['1000'])]));
  const words = [image.pid, 1_000_000_000, SIGWINCH, ...noise].map(String);
  const storm = spawn('nice', ['-n', '19', compiled('storm', ['storm.c']), ...words], { stdio: 'inherit' });
  t.teardown(() => storm.kill('SIGKILL'));
  let isOver = false;
  const sending = hups(image, () => isOver);
  for (let number = 2; number <= cycles + 1; number += 1) {
    image.exec(sleepRequest(files, number));
    await image.is(number);
  }
  storm.kill('SIGKILL');
  await once(storm, 'exit');
  isOver = true;
  const sent = await sending;
  t.comment(`${String(sent)} HUP in ${String(cycles)} sleeps, none lost`);
  t.ok(sent > 0);
  process.kill(child, SIGTERM);
  const end = await eventually('its end', async () => (await image.call('waitpid', [child])) ?? false);
  t.same(end, { pid: child, status: SIGTERM }, 'its child is its child');
  t.equal(image.stderr, '');
});
