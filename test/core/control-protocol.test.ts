import t from 'tap';
import { longestRequest, parseRequest } from '../../src/core/report/control-protocol.js';

const requests: [line: string, request: object | undefined][] = [
  ['{"command":"status"}', { command: 'status' }],
  [' {"command":"reopen logs","more":1} \r', { command: 'reopen logs' }],
  ['{"command":"restart"}', { command: 'restart', progress: false }],
  ['{"command":"restart","progress":true}', { command: 'restart', progress: true }],
  ['{"command":"restart","progress":"yes"}', { command: 'restart', progress: false }],
  ['{"command":"fly"}', undefined],
  ['{"command":["status"]}', undefined],
  ['{}', undefined],
  ['null', undefined],
  ['"status"', undefined],
  ['status', undefined],
  ['', undefined],
  ['GET / HTTP/1.1', undefined],
];
for (const [line, request] of requests) t.same(parseRequest(line), request, line);

const words = ['--port=80', { base64: '6Q==' }, ''];
const asked = { command: 'reconfigure', words, directory: '/srv' };
const reconfigurations: [request: object, expected: object | undefined][] = [
  [asked, { ...asked, check: false }],
  [
    { ...asked, check: true, timeout: 5, more: 1 },
    { ...asked, check: true, timeout: 5 },
  ],
  [{ ...asked, words: 'x' }, undefined],
  [{ ...asked, words: [1] }, undefined],
  [{ ...asked, words: [null] }, undefined],
  [{ ...asked, words: [{ base64: 'x' }] }, undefined],
  [{ ...asked, words: ['a\0b'] }, undefined],
  [{ ...asked, words: [{ base64: 'AA==' }] }, undefined],
  [{ ...asked, words: ['half a pair \udcff'] }, undefined],
  [
    { ...asked, words: ['a pair \ud83d\ude00'] },
    { ...asked, words: ['a pair \ud83d\ude00'], check: false },
  ],
  [{ ...asked, directory: '\udce9' }, undefined],
  [{ ...asked, directory: undefined }, undefined],
  [{ ...asked, timeout: 0 }, undefined],
  [{ ...asked, timeout: '5' }, undefined],
];
t.equal(parseRequest('{"command":"reconfigure","words":[],"directory":"/","timeout":1e400}'), undefined, 'no infinity');
for (const [request, expected] of reconfigurations)
  t.same(parseRequest(JSON.stringify(request)), expected, JSON.stringify(request));

for (const [beginning, longest] of [
  ['', 4096],
  ['{"command":"status"', 4096],
  ['{"command" : "reconfigure"', 2 ** 19],
  [`${' '.repeat(4096)}{"command":"reconfigure"`, 4096],
] as const)
  t.equal(longestRequest(beginning), longest, beginning.trim());
