/**
 * A worker for start_server that answers datagrams, and loses none of those that it has taken from the socket.
 *
 *     start_server --port=u8080 -- node examples/udp-worker.js
 */
import { createSocket } from 'node:dgram';

const { SERVER_STARTER_PORT: sockets, SERVER_STARTER_GENERATION: generation } = process.env;
if (!sockets) throw new Error('no socket in SERVER_STARTER_PORT: start me with start_server --port=u8080 -- ...');

const socket = createSocket('udp4');
let stopping = false;
let unanswered = 0;

socket.on('message', (message, { port, address }) => {
  unanswered += 1;
  socket.send(`${message} generation ${generation}, pid ${process.pid}\n`, port, address, () => {
    unanswered -= 1;
    closeIfDone();
  });
});

// What no worker has taken waits in the socket, which start_server keeps open, for the next one.
function closeIfDone() {
  if (stopping && unanswered === 0) socket.close();
}

function stop() {
  if (stopping) return;
  stopping = true;
  closeIfDone();
}

process.on('SIGTERM', stop);
process.on('SIGINT', stop);

socket.bind({ fd: Number(sockets.slice(sockets.lastIndexOf('=') + 1)) });
