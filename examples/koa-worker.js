/**
 * A koa application under start_server, or in development by itself.
 *
 *     start_server --port=8080 -- node examples/koa-worker.js
 *     PORT=8080 node examples/koa-worker.js
 */
import { createServer } from 'node:http';
import Koa from 'koa';
import { listen } from 'superdaemon/worker';

const { PORT: port = 8080, SERVER_STARTER_GENERATION: generation = 0 } = process.env;

const app = new Koa();
app.use((context) => (context.body = `generation ${generation}, pid ${process.pid}\n`));

await listen(createServer(app.callback()), { port: Number(port) });
