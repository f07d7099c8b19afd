/**
 * A fastify application under start_server, or in development by itself.
 *
 *     start_server --port=8080 -- node examples/fastify-worker.js
 *     PORT=8080 node examples/fastify-worker.js
 */
import Fastify from 'fastify';
import { listen } from 'superdaemon/worker';

const { PORT: port = 8080, SERVER_STARTER_GENERATION: generation = 0 } = process.env;

const fastify = Fastify();
fastify.get('/', () => `generation ${generation}, pid ${process.pid}\n`);

// Instead of fastify.listen(), which makes a second server for localhost and would listen on the descriptor twice.
await fastify.ready();
const { closed } = await listen(fastify.server, { port: Number(port) });

// Its hooks for the end run when the last request has its answer: told before, it answers 503.
await closed;
await fastify.close();
