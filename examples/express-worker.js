/**
 * An express application under start_server, or in development by itself.
 *
 *     start_server --port=8080 -- node examples/express-worker.js
 *     PORT=8080 node examples/express-worker.js
 */
import { createServer } from 'node:http';
import express from 'express';
import { listen } from 'superdaemon/worker';

const { PORT: port = 8080, SERVER_STARTER_GENERATION: generation = 0 } = process.env;

const app = express();
app.get('/', (request, response) => response.send(`generation ${generation}, pid ${process.pid}\n`));

// The first clients of a new worker find it warm.
await listen(createServer(app), { port: Number(port), warmUp: '/' });
