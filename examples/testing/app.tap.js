/**
 * The same with tap; `t.teardown` ends the server also when the test fails.
 *
 *     npx tap examples/testing/app.tap.js
 */
import t from 'tap';
import { startServer } from 'superdaemon';

const server = await startServer({ exec: ['node', 'examples/http-worker.js'], port: '127.0.0.1:0', maxFailures: 1 });
t.teardown(() => server.stop());
await server.started();

t.test('it answers', async (t) => {
  const response = await fetch(server.url);
  t.match(await response.text(), /^generation \d+/);
});

t.test('a new version takes its place', async (t) => {
  t.match(await server.reload(), { generation: 2 });
});
