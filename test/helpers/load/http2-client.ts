import { connect, type ClientHttp2Session } from 'node:http2';
import { text } from 'node:stream/consumers';
import { patience, type Address, type Answer, type Client } from './load.js';

/** Asks over HTTP/2, on one session until the server ends it. */
export class Http2Client implements Client {
  readonly #url: string;
  #session: ClientHttp2Session | undefined;

  constructor(port: Address) {
    this.#url = `http://127.0.0.1:${String(port)}`;
  }

  async ask(): Promise<Answer> {
    const onKept = this.#session !== undefined && !this.#session.closed && !this.#session.destroyed;
    if (!onKept) this.#session = connect(this.#url).on('error', () => undefined); // its request fails with it
    const request = this.#session?.request({ ':path': '/' });
    if (request === undefined) throw new Error('no session');
    request.setTimeout(patience, () => request.destroy(new Error('no answer')));
    return { body: await text(request), onKept };
  }

  renew(): void {
    this.#session?.close();
    this.#session = undefined;
  }

  close(): void {
    this.#session?.close();
  }
}
