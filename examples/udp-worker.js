/**
 * A server that answers datagrams, under start_server or in development by itself. It loses none of those that it has
 * taken from the socket.
 *
 *     start_server --port=u8080 -- node examples/udp-worker.js
 *     PORT=8080 node examples/udp-worker.js
 */
import { createSocket } from 'node:dgram';
import { listen } from 'superdaemon/worker';

const { PORT: port = 8080, SERVER_STARTER_GENERATION: generation = 0 } = process.env;

const socket = createSocket('udp4');

// One that answers later has to tell when it is done: see `drain` in docs/workers.md.
socket.on('message', (message, { port, address }) => {
  socket.send(`${message} generation ${generation}, pid ${process.pid}\n`, port, address);
});

await listen(socket, { port: Number(port) });
