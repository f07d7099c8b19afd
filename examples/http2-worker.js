/**
 * An HTTP/2 server under start_server, or in development by itself; without TLS, as behind a proxy.
 *
 *     start_server --port=8080 -- node examples/http2-worker.js
 *     PORT=8080 node examples/http2-worker.js      (curl --http2-prior-knowledge localhost:8080)
 */
import { createServer } from 'node:http2';
import { listen } from 'superdaemon/worker';

const { PORT: port = 8080, SERVER_STARTER_GENERATION: generation = 0 } = process.env;

const server = createServer((request, response) => {
  response.end(`generation ${generation}, pid ${process.pid}\n`);
});

await listen(server, { port: Number(port) });
