import { once } from 'node:events';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { patience, type Address, type Answer, type Client } from './load.js';

/** Numbers in the headers of FastCGI's records. */
const version = 1;
const kinds = { begin: 1, end: 3, parameters: 4, input: 5, output: 6 };
const responder = Buffer.from([0, 1, 0, 0, 0, 0, 0, 0]);
const nothing = Buffer.alloc(0);

const parameters = {
  REQUEST_METHOD: 'GET',
  SCRIPT_NAME: '',
  PATH_INFO: '/',
  REQUEST_URI: '/',
  QUERY_STRING: '',
  SERVER_NAME: 'localhost',
  SERVER_PORT: '80',
  SERVER_PROTOCOL: 'HTTP/1.1',
};

function requestWith(values: Readonly<Record<string, string>>): Buffer {
  const all = Object.entries(values).map(([name, value]) => {
    return Buffer.from([name.length, value.length, ...Buffer.from(name + value)]);
  });
  return Buffer.concat([
    record(kinds.begin, responder),
    record(kinds.parameters, Buffer.concat(all)),
    record(kinds.parameters, nothing),
    record(kinds.input, nothing),
  ]);
}

/** Asks a FastCGI server as a web server in front of it does; it opens a connection for every request. */
export class FastCgiClient implements Client {
  readonly #address: Address;
  readonly #request: Buffer;

  /** `more`: parameters of the request, of less than 128 characters. */
  constructor(address: Address, more: Readonly<Record<string, string>> = {}) {
    this.#address = address;
    this.#request = requestWith({ ...parameters, ...more });
  }

  async ask(): Promise<Answer> {
    const address = this.#address;
    const socket = typeof address === 'number' ? connect(address, '127.0.0.1') : connect(address);
    socket.setTimeout(patience, () => socket.destroy(new Error('no answer')));
    try {
      await once(socket, 'connect');
      socket.write(this.#request);
      return { body: bodyOf(outputOf(await buffer(socket))), onKept: false };
    } finally {
      socket.destroy();
    }
  }

  renew(): void {
    // No connection is kept.
  }

  close(): void {
    // Every connection is closed with its answer.
  }
}

function record(kind: number, content: Buffer): Buffer {
  const header = Buffer.from([version, kind, 0, 1, content.length >> 8, content.length & 0xff, 0, 0]);
  return Buffer.concat([header, content]);
}

/** What a server has sent to its output, as far as its answer is complete. */
function outputOf(answer: Buffer): string {
  let output = '';
  for (let start = 0; start + 8 <= answer.length;) {
    const content = start + 8;
    const end = content + answer.readUInt16BE(start + 4);
    const kind = answer[start + 1];
    if (kind === kinds.end) return output;
    if (kind === kinds.output) output += answer.toString('latin1', content, end);
    start = end + (answer[start + 6] ?? 0);
  }
  throw new Error(answer.length === 0 ? 'no answer' : 'half an answer');
}

function bodyOf(output: string): string {
  const [head = '', body = ''] = output.split('\r\n\r\n');
  const status = /^Status: (\d+)/m.exec(head)?.[1] ?? 'none';
  if (status !== '200') throw new Error(`status ${status}`);
  return body;
}
