/** An express application as a worker: `warm` as its argument has it warmed up, and it says when it is ready. */
import { writeSync } from 'node:fs';
import { createServer } from 'node:http';
import express from 'express';
import { listen, ready } from 'superdaemon/worker';

const app = express();
app.get('/', (request, response) => response.send('hello\n'));

await listen(createServer(app), { port: 8080, warmUp: process.argv.includes('warm') ? '/' : [] });
ready();
writeSync(1, 'listening\n');
