/** Whoever has a server in a program is told how a worker has ended, what it said, and what was counted. */
import { once } from 'node:events';
import { join } from 'node:path';
import t from 'tap';
import type { ServerEvents } from '../../src/index.js';
import { endingOf } from '../../src/library/worker-ending.js';
import { started } from '../helpers/running/library.js';
import { workspace } from '../helpers/place/workspace.js';

t.test('events carry the exit code and the last words of a worker that has failed', async (t) => {
  const logFile = join(workspace(t), 'log');
  const server = await started(t, { exec: ['sh', '-c', "echo 'no caf\u00e9'; exit 3"], logFile });
  const [worker, status, ending] = (await once(server.events, 'failed')) as ServerEvents['failed'];
  t.same([worker.generation, status, ending], [1, 768, { exitCode: 3, signal: undefined, output: ['no caf\u00e9'] }]);
  t.match(server.status(), {
    counters: { failedStarts: 1, restarts: 0 },
    lastFailure: { generation: 1, ending: 'exit code 3', output: ['no caf\u00e9'] },
  });
});

t.test('a signal has its name, and a worker that was told to end no last words', async (t) => {
  const server = await started(t, { exec: ['sleep', '100'] });
  const { pid } = await server.started();
  const death = once(server.events, 'died');
  process.kill(pid, 'SIGKILL');
  t.same((await death)[2], { exitCode: undefined, signal: 'SIGKILL', output: [] });
  await server.started();
  const next = once(server.events, 'died');
  await server.reload();
  t.same((await next)[2], { exitCode: undefined, signal: 'SIGTERM', output: [] });
  t.match(server.status(), { state: 'running', counters: { unexpectedDeaths: 1, restarts: 1, failedStarts: 0 } });
});

t.test('a signal without a name has its number, and words of another generation do not count', (t) => {
  const failure = { generation: 2, ending: '', output: ['words'] };
  t.same(endingOf(34, 3, failure), { exitCode: undefined, signal: 34, output: [] });
  t.same(endingOf(9 | 128, 2, failure), { exitCode: undefined, signal: 'SIGKILL', output: ['words'] }, 'with a core');
  t.end();
});
