/**
 * Code that has never run is slow: the first requests of a new worker take several times as long as later ones. So it is
 * asked before any client is.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server as HttpServer } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isUdp, type AnyServer } from './ending.js';
import { isHttp1 } from './http1-ending.js';
import { ListenError } from './listen-error.js';

/** The server, where it is to be warmed up. Throws a ListenError where it cannot be asked for a path. */
export function coldServer(server: AnyServer, paths: readonly string[]): HttpServer | undefined {
  if (paths.length === 0) return undefined;
  if (!isUdp(server) && isHttp1(server)) return server;
  const message = 'warmUp is for servers of node:http and https, and this is none; leave it out';
  throw new ListenError({ code: 'ERR_LISTEN_OPTION', message });
}

/** How much is enough: after some hundred requests the next ones bring little. */
const usual = { requests: 500, limit: 500 };

/** How many are under way at a time, so that an answer that waits for a database does not use up the time. */
const lanes = 10;

/**
 * Asks a server that does not listen yet for paths in turn, until there were so many requests, or so many milliseconds have
 * passed. What it answers does not matter. Where the system has no directory for the socket that it takes, it does nothing: all
 * that is lost is speed.
 */
export async function warmUp(server: HttpServer, paths: readonly string[], { requests, limit } = usual): Promise<void> {
  const directory = privateDirectory();
  if (directory === undefined) return;
  const door = new Door(server, join(directory, 'socket'));
  try {
    await door.open();
    const asked = Array.from({ length: requests }, (_, count) => paths[count % paths.length] ?? '/').values();
    const timer = setTimeout(() => door.close(), limit);
    await Promise.all(Array.from({ length: lanes }, () => door.askAll(asked)));
    clearTimeout(timer);
  } finally {
    door.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A longer path is cut by some versions of node, and another file made. The shortest limit of a system is 104 with the end. */
const longestPath = 103;

/** Nobody else can reach what is in it. */
function privateDirectory(): string | undefined {
  const beginning = join(tmpdir(), 'superdaemon-warm-up-');
  if (Buffer.byteLength(join(`${beginning}XXXXXX`, 'socket')) > longestPath) return undefined;
  try {
    return mkdtempSync(beginning);
  } catch {
    return undefined; // a file system that is read-only or full, or no such directory
  }
}

/** A way to a server that does not listen: connections to this socket are handed to it. */
class Door {
  readonly #sockets = new Set<Socket>();
  readonly #door: Server;
  #isOpen = true;

  constructor(
    server: HttpServer,
    private readonly path: string,
  ) {
    // As node:http has it.
    this.#door = createServer({ allowHalfOpen: true }, (socket) => {
      this.#hold(socket);
      if (!('addContext' in server)) server.emit('connection', socket);
      // Past TLS, with what programs look at.
      else server.emit('secureConnection', Object.assign(socket, { encrypted: true, alpnProtocol: 'http/1.1' }));
    });
  }

  open(): Promise<void> {
    return new Promise((resolve) => {
      // Nobody can connect then, and nothing is asked.
      this.#door.once('error', () => {
        this.#isOpen = false;
        resolve();
      });
      this.#door.listen(this.path, resolve);
    });
  }

  /** Asks for one path after the other, as long as it is open. */
  async askAll(paths: Iterable<string>): Promise<void> {
    for (const path of paths) {
      if (!this.#isOpen) return;
      await this.#ask(path);
    }
  }

  /** Cuts what is under way. */
  close(): void {
    this.#isOpen = false;
    this.#door.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #ask(path: string): Promise<void> {
    const socket = connect(this.path);
    this.#hold(socket);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    socket.resume();
    return new Promise((resolve) => socket.once('close', () => resolve()));
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined); // it is closed, too
  }
}
