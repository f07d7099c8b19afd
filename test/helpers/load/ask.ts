import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { request as requestSecurely } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Address } from './load.js';
import { pskClient } from '../connections/psk.js';

/** Asks test/fixtures/every-kind.js, or a program that answers like it, for one answer. */
export const ask = {
  http: (address: Address) => ended(request({ ...where(address), agent: false })),
  https: (address: Address) => ended(requestSecurely({ ...where(address), ...pskClient, agent: false })),
  net: (address: Address) => text(connectTo(address)),
  http2,
  udp,
};

export type Kind = keyof typeof ask;

async function ended(sent: ReturnType<typeof request>): Promise<string> {
  const [response] = (await once(sent.end(), 'response')) as [IncomingMessage];
  return text(response);
}

async function http2(address: Address): Promise<string> {
  const session = connectHttp2('http://localhost', { createConnection: () => connectTo(address) });
  session.on('error', () => undefined); // its request fails with it
  try {
    return await text(session.request({ ':path': '/' }));
  } finally {
    session.close();
  }
}

async function udp(address: Address): Promise<string> {
  const socket = createSocket('udp4');
  try {
    // Only a connected socket is told that nobody takes its datagrams.
    socket.connect(Number(address), '127.0.0.1');
    await once(socket, 'connect');
    socket.send('?');
    const [answer] = (await once(socket, 'message')) as [Buffer];
    return String(answer);
  } finally {
    socket.close();
  }
}

function connectTo(address: Address) {
  return typeof address === 'number' ? connect(address, '127.0.0.1') : connect(address);
}

function where(address: Address) {
  return typeof address === 'number' ? { port: address, host: '127.0.0.1' } : { socketPath: address };
}
