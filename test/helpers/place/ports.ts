import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Lower than the ports that the system hands out by itself, so that no connection of another test takes one. */
const lowest = 20_000;
const highest = 30_000;

/**
 * Each test file looks among so many ports of its own first: another one, which runs beside it, would find the same port
 * free until something is bound there.
 */
const ofOneFile = 50;
const own = lowest + ofOneFile * (process.pid % ((highest - lowest) / ofOneFile));

/** A port on which nothing is bound at the moment, neither TCP nor UDP, and that no other call here has been given. */
export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const isOwn = tries <= 4 * ofOneFile;
    const port = (isOwn ? own : lowest) + Math.floor(Math.random() * (isOwn ? ofOneFile : highest - lowest));
    if (!given.has(port) && (await isFree(port)) && (await isFreeForUdp(port))) {
      given.add(port);
      return port;
    }
  }
}

const given = new Set<number>();

/** Whether a TCP server could listen there now. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '0.0.0.0');
  try {
    await once(server, 'listening');
  } catch {
    return false; // in use
  }
  server.close();
  await once(server, 'close');
  return true;
}

async function isFreeForUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  socket.bind(port, '0.0.0.0');
  try {
    await once(socket, 'listening');
  } catch {
    return false; // in use
  }
  socket.close();
  await once(socket, 'close');
  return true;
}
