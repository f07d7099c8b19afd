/**
 * A worker for start_server that loses no request: it answers over HTTP on every socket that it was given, and when
 * it is told to end it finishes what it has begun.
 *
 *     start_server --port=8080 -- node examples/http-worker.js
 */
import { createServer } from 'node:http';
import { Server } from 'node:net';

const { SERVER_STARTER_PORT: sockets, SERVER_STARTER_GENERATION: generation } = process.env;
if (!sockets) throw new Error('no sockets in SERVER_STARTER_PORT: start me with start_server --port=8080 -- ...');

let stopping = false;
let answering = 0;

function answer(request, response) {
  answering += 1;
  response.on('close', () => (answering -= 1));
  // Clients that keep their connection are sent to the next worker by closing it with an answer, never between two:
  // there the client may be sending its next request already.
  if (stopping) response.setHeader('Connection', 'close');
  response.end(`generation ${generation}, pid ${process.pid}\n`);
}

// "8080=3;/tmp/app.sock=4": a name and a descriptor each. They are listening already.
const servers = sockets.split(';').map((socket) => {
  const fd = Number(socket.slice(socket.lastIndexOf('=') + 1));
  return createServer(answer).listen({ fd });
});

function stop() {
  if (stopping) return;
  stopping = true;
  // Who comes now meets the next worker. close() of node:http would also close idle connections at once.
  for (const server of servers) Server.prototype.close.call(server);
  setTimeout(closeIdle, 1000).unref();
  setTimeout(() => servers.forEach((server) => server.closeAllConnections()), 30_000).unref();
}

/** For node a connection is idle, too, whose answer is being sent still. */
function closeIdle() {
  if (answering === 0) servers.forEach((server) => server.closeIdleConnections());
  else setTimeout(closeIdle, 100).unref();
}

process.on('SIGTERM', stop);
// Ctrl-C in a terminal reaches the worker as well as start_server, which then sends TERM.
process.on('SIGINT', stop);
