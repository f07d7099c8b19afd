import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Lower than the ports that the system hands out by itself, so that no connection of another test takes one. */
const lowest = 20_000;
const highest = 30_000;

/**
 * Each test file has so many ports of its own: another one, which runs beside it, would find the same port free until
 * something is bound there, and a look at a port takes it for a moment. The first of them is held as long as the file runs.
 */
const ofOneFile = 50;
let own: Promise<number> | undefined;

async function claimed(): Promise<number> {
  for (;;) {
    const first = lowest + ofOneFile * Math.floor(Math.random() * ((highest - lowest) / ofOneFile));
    const claim = await listening(first);
    claim?.unref();
    if (claim !== undefined) return first;
  }
}

/** A port on which nothing is bound at the moment, neither TCP nor UDP, and that no other call here has been given. */
export async function freePort(): Promise<number> {
  own ??= claimed();
  for (let next = (await own) + 1; next < (await own) + ofOneFile; next += 1) {
    if (given.has(next)) continue;
    given.add(next);
    if ((await isFree(next)) && (await isFreeForUdp(next))) return next;
  }
  own = claimed(); // all of them have been given
  return freePort();
}

const given = new Set<number>();

/** Whether a TCP server could listen there now. */
export async function isFree(port: number): Promise<boolean> {
  const server = await listening(port);
  if (server === undefined) return false;
  server.close();
  await once(server, 'close');
  return true;
}

/** Undefined where the port is in use. */
async function listening(port: number): Promise<Server | undefined> {
  const server = createServer();
  server.listen(port, '0.0.0.0');
  try {
    await once(server, 'listening');
  } catch {
    return undefined;
  }
  return server;
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
