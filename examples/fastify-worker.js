/**
 * A fastify server for start_server that loses no request: examples/http-worker.js tells what that takes.
 *
 *     start_server --port=8080 -- node examples/fastify-worker.js
 */
import { setTimeout as pause } from 'node:timers/promises';
import Fastify from 'fastify';

const { SERVER_STARTER_PORT: sockets, SERVER_STARTER_GENERATION: generation } = process.env;
if (!sockets) throw new Error('no socket in SERVER_STARTER_PORT: start me with start_server --port=8080 -- ...');

// Without this, fastify refuses with 503 what it has accepted before it was told to end.
const fastify = Fastify({ return503OnClosing: false });

fastify.get('/', () => `generation ${generation}, pid ${process.pid}\n`);

// From here on its answers close their connections; a second later it closes those that are idle, and stops accepting.
fastify.addHook('preClose', () => pause(1000));

// Its listen() takes the options of node:net's, a descriptor among them. For its default host, localhost, it would
// listen on the descriptor twice.
await fastify.listen({ fd: Number(sockets.slice(sockets.lastIndexOf('=') + 1)), host: '' });

process.once('SIGTERM', () => fastify.close());
process.once('SIGINT', () => fastify.close());
