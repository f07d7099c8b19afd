/**
 * A worker for start_server by `superdaemon/worker`. It does what examples/http-worker.js does by itself, and runs in
 * development too, where it listens on a port of its own.
 *
 *     start_server --port=8080 -- node examples/library-worker.js
 *     PORT=8080 node examples/library-worker.js
 */
import { createServer } from 'node:http';
import { listen } from 'superdaemon/worker';

const { PORT: port = 8080, SERVER_STARTER_GENERATION: generation = 0 } = process.env;

const server = createServer((request, response) => {
  response.end(`generation ${generation}, pid ${process.pid}\n`);
});

await listen(server, { port: Number(port) });
