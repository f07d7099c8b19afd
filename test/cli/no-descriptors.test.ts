/** A start_server that has no descriptor left goes on, answers, and knows as much as before once it has some again. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { commanding, controlled } from '../helpers/running/control-socket.js';
import { saidBy } from '../helpers/running/control.js';
import { reconfiguring } from '../helpers/running/reconfiguring.js';
import { isAlive } from '../helpers/running/starter.js';

async function status(t: Test, cwd: string) {
  const show = commanding(t, ['--show-status', '--json'], cwd);
  const { code } = await show.ended();
  return { code, ...(code === 0 ? (JSON.parse(show.stdout) as { leftBehind?: number[] }) : {}) };
}

/** So that `free` more can be opened. */
function limit(pid: number, free: number): void {
  const used = new Set(descriptorsOf(pid).map((line) => Number.parseInt(line)));
  let number = 0;
  for (let left = free; left > 0; number += 1) if (!used.has(number)) left -= 1;
  execFileSync('prlimit', [`--pid=${String(pid)}`, `--nofile=${String(number)}:`]);
}

const server = createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
t.teardown(() => server.close());
const other = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;

for (const isAskedBefore of [false, true]) {
  t.test(
    `it is asked with one left for the client, ${isAskedBefore ? 'after it was' : 'and was not'} asked before`,
    async (t) => {
      const run = await controlled(t, [], { options: ['--port=127.0.0.1:0'] });
      if (isAskedBefore) t.match(await status(t, run.directory), { code: 0 });
      limit(run.pid, 1);
      t.match(await status(t, run.directory), { code: 0, generation: 1 });
      t.ok(isAlive(run.pid));
      execFileSync('prlimit', [`--pid=${String(run.pid)}`, '--nofile=1024:']);
      t.match(await status(t, run.directory), { code: 0, generation: 1 });
      const taken = await saidBy(reconfiguring(t, run, [], { options: [`--port=${other}`], how: ['--check'] }));
      t.match(taken.stderr, /Address already in use; process \d+ \(".+"\) has it/, 'who has it can be seen');
      await run.stop();
      t.notMatch(run.stderr, /Error/);
    },
  );
}
