import cluster from 'node:cluster';
import { quoted } from '../core/text/quoted.js';
import { noStartServer, socketsCalled, type GivenSocket } from '../core/workers/server-ports.js';
import { isUdp, type AnyServer } from './ending.js';
import { granted, ListenError } from './listen-error.js';
import type { Fallback } from './options.js';
import { givenSockets, isUnderStartServer } from './server-ports.js';
import { socketKind } from './socket-kind.js';

/** Where a server is to listen: on a socket of start_server, or by itself. */
export type Place = GivenSocket | Fallback;

/** @throws {ListenError} */
export function placeFor(server: AnyServer, key: string | undefined, fallback: Fallback | undefined): Place {
  if (!isUnderStartServer()) return withoutStartServer(server, fallback);
  const called = granted(socketsCalled(givenSockets(), key));
  const socket = cluster.isWorker ? theOnly(called) : fitting(called, isUdp(server));
  if (isUdp(server) && socket.descriptor === 0) {
    throw unfit(socket, 'Node.js takes no datagrams from descriptor 0; leave out =0');
  }
  return socket;
}

function withoutStartServer(server: AnyServer, fallback: Fallback | undefined): Fallback {
  if (fallback === undefined) {
    const { code, message } = noStartServer;
    throw new ListenError({ code, message: `${message}; or give listen() a port or path to use without it` });
  }
  if ('port' in fallback) return usable(fallback);
  if (!isUdp(server)) return fallback;
  const message = `path is ${quoted(fallback.path)}, but node:dgram has no unix sockets; give a port`;
  throw new ListenError({ code: 'ERR_LISTEN_OPTION', message });
}

/** node:dgram would take any number, and bind another port. */
function usable<T extends { readonly port: number }>(fallback: T): T {
  if (Number.isInteger(fallback.port) && fallback.port >= 0 && fallback.port <= 65_535) return fallback;
  const message = `port is ${String(fallback.port)}; give a number from 0 to 65535`;
  throw new ListenError({ code: 'ERR_LISTEN_OPTION', message });
}

/** For a process of a cluster: the descriptors are those of the primary, so it cannot look at them. */
function theOnly(called: readonly GivenSocket[]): GivenSocket {
  const [socket, another] = called;
  if (socket !== undefined && another === undefined) return socket;
  throw new ListenError({
    code: 'ERR_AMBIGUOUS_SOCKET',
    message:
      `more than one socket is called ${quoted(socket?.key ?? '')}, and node:cluster cannot tell which is which; ` +
      'write one of them differently in --port, for instance with its host',
  });
}

function fitting(called: readonly GivenSocket[], wantsDatagrams: boolean): GivenSocket {
  const wanted = wantsDatagrams ? 'datagram' : 'stream';
  const kinds = called.map(({ descriptor }) => socketKind(descriptor));
  const socket = called[Math.max(0, kinds.indexOf(wanted))];
  if (socket === undefined) throw new RangeError('no socket to choose from');
  if (kinds.includes(wanted)) return socket;
  if (kinds.includes(undefined)) {
    throw unfit(
      socket,
      'that descriptor is no listening socket in this process; has it been closed, or does a program in between, such ' +
        'as npm, not hand it on? start node itself by start_server',
    );
  }
  throw unfit(
    socket,
    wantsDatagrams
      ? 'it takes connections, and a socket of node:dgram does not; put u before its port in --port'
      : 'it takes datagrams, and only a socket of node:dgram does; leave out the u in --port',
  );
}

function unfit({ key, descriptor }: GivenSocket, reason: string): ListenError {
  const message = `cannot use the socket called ${quoted(key)}, descriptor ${String(descriptor)}: ${reason}`;
  return new ListenError({ code: 'ERR_UNFIT_SOCKET', message });
}
