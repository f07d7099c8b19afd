import t from 'tap';
import { parseAnswer, parseRequest } from '../../src/core/report/control-protocol.js';

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

for (const line of ['{"ok":true}', '{"ok":false,"code":"busy","error":"x"}', '{"progress":"stopping","pid":1}'])
  t.same(parseAnswer(line), JSON.parse(line), line);
for (const line of ['HTTP/1.1 400 Bad Request', '{}', '[]', '1', '']) t.equal(parseAnswer(line), undefined, line);
