import type { Http2Server, Http2Stream, ServerHttp2Session } from 'node:http2';
import type { Server } from 'node:net';
import type { Protocol } from './ending.js';

/** The servers of node:http2, with and without TLS. */
export function isHttp2(server: Server): server is Http2Server {
  return 'updateSettings' in server;
}

/**
 * The end of HTTP/2 sessions. Each gets its GOAWAY with an answer, never between two: while a request is under way, or
 * with the next one, or after the grace when there is none. So a client that makes one request after another gets every
 * answer. A client that makes many at once may find some refused, and by RFC 9113 makes them again elsewhere. A notice
 * ahead of the GOAWAY would save it that, but node:http2 ignores new streams after any GOAWAY.
 */
export class Http2Ending implements Protocol {
  /** How many streams each session has open. */
  readonly #sessions = new Map<ServerHttp2Session, number>();
  #retired = false;

  constructor(server: Http2Server) {
    server.on('session', (session: ServerHttp2Session) => {
      this.#sessions.set(session, 0);
      session.once('close', () => this.#sessions.delete(session));
      session.prependListener('stream', (stream: Http2Stream) => this.#opened(session, stream));
    });
  }

  retire(): void {
    this.#retired = true;
    for (const [session, streams] of this.#sessions) if (streams > 0) session.close();
  }

  release(): void {
    for (const session of this.#sessions.keys()) session.close();
  }

  #opened(session: ServerHttp2Session, stream: Http2Stream): void {
    this.#count(session, 1);
    stream.once('close', () => this.#count(session, -1));
    if (this.#retired) session.close();
  }

  #count(session: ServerHttp2Session, change: number): void {
    const streams = this.#sessions.get(session);
    if (streams !== undefined) this.#sessions.set(session, streams + change);
  }
}
