/** Who counts as left behind, while workers come and go. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import t from 'tap';
import { outlivingSteps } from '../../src/service/outliving-workers.js';
import { atOnce } from '../../src/system/processes/in-turns.js';

const skip = process.platform !== 'linux' && 'there is no /proc';

t.test('a worker that ends while it is looked for is not left behind', { skip }, async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { fd } = (server as unknown as { _handle: { fd: number } })._handle;
  const holder = spawn('sleep', ['100'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
  t.teardown(() => {
    holder.kill('SIGKILL');
    server.close();
  });
  const { pid = NaN } = holder;
  t.same(atOnce(outlivingSteps([fd], () => [])), [pid]);
  t.same(atOnce(outlivingSteps([fd], () => [pid])), []);
  let looks = 0;
  t.same(atOnce(outlivingSteps([fd], () => (looks++ === 0 ? [pid] : []))), [], 'it was one when the look began');
  looks = 0;
  t.same(atOnce(outlivingSteps([fd], () => (looks++ === 0 ? [] : [pid]))), [], 'it is one by now');
  t.same(atOnce(outlivingSteps([], () => [])), []);
});
