import type { Socket as UdpSocket } from 'node:dgram';
import type { EventEmitter } from 'node:events';
import { isUdp, type AnyServer } from './ending.js';
import type { Place } from './place.js';

/** Makes a server listen, and waits until it does or has failed to. */
export function open(server: AnyServer, place: Place, backlog: number): Promise<void> {
  const emitter: EventEmitter = server;
  return new Promise((resolve, reject) => {
    const done = () => {
      emitter.off('listening', listening).off('error', failed);
    };
    const listening = () => {
      done();
      resolve();
    };
    const failed = (error: Error) => {
      done();
      reject(error);
    };
    emitter.on('listening', listening).on('error', failed);
    try {
      if (isUdp(server)) bind(server, place);
      else server.listen(optionsFor(place, backlog));
    } catch (error) {
      done();
      throw error;
    }
  });
}

function optionsFor(place: Place, backlog: number) {
  if ('descriptor' in place) return { fd: place.descriptor, backlog };
  return 'path' in place ? { path: place.path, backlog } : { port: place.port, host: place.host, backlog };
}

function bind(socket: UdpSocket, place: Place): void {
  if ('descriptor' in place) socket.bind({ fd: place.descriptor });
  else if ('port' in place) socket.bind({ port: place.port, address: place.host });
}
