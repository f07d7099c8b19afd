/**
 * A test of a server program, whatever it is written in, with node:test: on a free port, without a wait for it.
 *
 *     node --test examples/testing/app.test.js
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from 'superdaemon';

let server;

before(async () => {
  server = await startServer({ exec: ['node', 'examples/http-worker.js'], port: '127.0.0.1:0', maxFailures: 1 });
  // Rejects when the program ends within its first second, with its exit code; what it has said stands above.
  await server.started();
});

after(() => server?.stop());

test('it answers', async () => {
  const response = await fetch(server.url);
  assert.match(await response.text(), /^generation \d+/);
});

test('a new version takes its place', async () => {
  const { generation } = await server.reload();
  assert.equal(generation, 2);
});
