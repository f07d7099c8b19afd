import type { OutgoingHttpHeader, ServerResponse } from 'node:http';

/** A way of programs to answer. */
export interface Way {
  readonly name: string;
  readonly answer: (response: ServerResponse) => void;
  /** Called as soon as the request is there, maybe long before the answer. */
  readonly prepare?: (response: ServerResponse) => void;
  /** What the client asks with. */
  readonly method?: string;
  readonly version?: '1.0';
  readonly headers?: string;
  /** The event to which the program listens. */
  readonly event?: 'request' | 'checkContinue' | 'checkExpectation';
}

const keep = { Connection: 'keep-alive' };
const raw = (fields: unknown) => fields as OutgoingHttpHeader[]; // pairs are not in the types

/**
 * As on-headers 1.0 does in many Express programs: it sets all fields itself, knows objects and pairs, and hands on
 * none.
 */
function takeHeadsApart(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response);
  const apart = (status: number, ...words: (string | object | undefined)[]): ServerResponse => {
    const reason = words.find((word) => typeof word === 'string');
    const fields = words.find((word) => typeof word === 'object') ?? {};
    const pairs = Array.isArray(fields) ? (fields as [string, string][]) : Object.entries(fields);
    for (const [name, value] of pairs) response.setHeader(name, String(value));
    return writeHead(status, reason ?? response.statusMessage);
  };
  Object.assign(response, { writeHead: apart });
}

/** Programs that set what they like; many of them copy the head of another server. The reason of an answer is kept. */
export const ways: readonly Way[] = [
  { name: 'nothing set', answer: (response) => response.end('body') },
  { name: 'writeHead with an object', answer: (response) => response.writeHead(200, keep).end('body') },
  {
    name: 'a small name and a list of values',
    answer: (response) => response.writeHead(200, { connection: ['keep-alive', 'X-Hop'] }).end('body'),
  },
  {
    name: 'with a reason',
    answer: (response) => response.writeHead(200, response.statusMessage, { ...keep, 'Content-Length': 4 }).end('body'),
  },
  {
    name: 'names and values in turn',
    answer: (response) => response.writeHead(200, ['Connection', 'keep-alive', 'X-A', '1', 'X-A', '2']).end('body'),
  },
  {
    name: 'in pairs',
    answer: (response) => response.writeHead(200, raw([['connection', 'Keep-Alive'], ['X-A', '1'], ['X-A', '2']])).end('body'), // prettier-ignore
  },
  { name: 'setHeader', answer: (response) => response.setHeader('connection', 'keep-alive').end('body') },
  {
    name: 'setHeader and writeHead',
    answer: (response) => response.setHeader('Connection', 'x').writeHead(200, keep).end('body'),
  },
  {
    name: 'setHeader and names and values in turn',
    answer: (response) =>
      response.setHeader('X-A', '0').writeHead(200, ['Connection', 'keep-alive', 'X-B', '1']).end('body'),
  },
  {
    name: 'setHeaders',
    answer: (response) => response.setHeaders(new Headers({ connection: 'keep-alive' })).end('body'),
  },
  { name: 'appendHeader', answer: (response) => response.appendHeader('Connection', 'keep-alive').end('body') },
  {
    name: 'no such header',
    answer: (response) => {
      response.removeHeader('Connection');
      response.end('body');
    },
  },
  {
    name: 'flushHeaders',
    answer: (response) => {
      response.setHeader('Connection', 'keep-alive').flushHeaders();
      setImmediate(() => response.end('body'));
    },
  },
  {
    name: 'early hints',
    answer: (response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.writeHead(200, keep).end('body');
    },
  },
  {
    name: 'trailers',
    answer: (response) => {
      response.writeHead(200, { ...keep, Trailer: 'X-T' }).write('bo');
      response.addTrailers({ 'X-T': '1' });
      response.end('dy');
    },
  },
  { name: 'HEAD', method: 'HEAD', answer: (response) => response.writeHead(200, keep).end() },
  { name: '204', answer: (response) => response.writeHead(204, keep).end() },
  { name: '304', answer: (response) => response.writeHead(304, keep).end() },
  {
    name: 'another protocol offered',
    answer: (response) => response.writeHead(426, { Connection: 'Upgrade', Upgrade: 'x' }).end('body'),
  },
  {
    name: 'middleware in front of writeHead',
    answer: (response) => {
      const writeHead = response.writeHead.bind(response);
      response.writeHead = (status: number) => writeHead(status, raw({ 'X-A': '1', ...keep }));
      response.end('body');
    },
  },
  { name: 'middleware that takes heads apart', prepare: takeHeadsApart, answer: (response) => response.end('body') },
  {
    name: 'middleware that takes heads apart, and an object',
    prepare: takeHeadsApart,
    answer: (response) => response.writeHead(200, response.statusMessage, keep).end('body'),
  },
  {
    name: 'middleware that takes heads apart, and pairs',
    prepare: takeHeadsApart,
    answer: (response) => response.writeHead(200, raw([['Connection', 'keep-alive'], ['X-A', '1']])).end('body'), // prettier-ignore
  },
  {
    name: 'middleware that drops fields',
    prepare: (response) => {
      const writeHead = response.writeHead.bind(response);
      response.writeHead = (status: number) => writeHead(status);
    },
    answer: (response) => response.end('body'),
  },
  {
    name: 'HTTP/1.0',
    version: '1.0',
    headers: 'Connection: keep-alive\r\n',
    answer: (response) => response.writeHead(200, { ...keep, 'Content-Length': 4 }).end('body'),
  },
  { name: 'Expect: 100-continue', headers: 'Expect: 100-continue\r\n', answer: (response) => response.end('body') },
  {
    name: 'checkContinue',
    event: 'checkContinue',
    headers: 'Expect: 100-continue\r\n',
    answer: (response) => {
      response.writeContinue();
      response.writeHead(200, keep).end('body');
    },
  },
  {
    name: 'checkExpectation',
    event: 'checkExpectation',
    headers: 'Expect: something\r\n',
    answer: (response) => response.writeHead(200, keep).end('body'),
  },
];
