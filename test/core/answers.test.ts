/** An answer of a superdaemon, older or newer ones too, is told from whatever else may answer at the path of a socket. */
import t from 'tap';
import { parseAnswer } from '../../src/core/report/answers.js';
import type { Request } from '../../src/core/report/control-protocol.js';

const worker = { generation: 2, pid: 4733 };
const failure = { generation: 2, ending: 'exit code 1' };
const status = { pid: 1, generation: 2, workers: [{ ...worker, state: 'current' }] };
const change = { change: 'added', name: '80', kind: 'tcp' };
const image = { superdaemon: '1.0.0', node: '20.20.2' };
const event = { event: 'died', ...worker, waitStatus: 9, ending: 'killed' };

const ask = (command: Exclude<Request['command'], 'restart' | 'reconfigure'>): Request => ({ command });
const restart: Request = { command: 'restart', progress: true };
const reconfigure: Request = { command: 'reconfigure', words: [], directory: '/', check: false };
const check: Request = { ...reconfigure, check: true };
const all = [...(['status', 'stop', 'reopen logs', 'follow', 'upgrade', 'cancel'] as const).map(ask), restart, check];

const right: readonly (readonly [request: Request, answer: object])[] = [
  [ask('status'), { ok: true, status }],
  [ask('status'), { ok: true, status: { ...status, state: 'of a newer one', workers: [{ ...worker, state: 'new', x: 1 }] } }], // prettier-ignore
  [ask('status'), { ok: true, status: { ...status, lastFailure: { ...failure, age: 3, output: ['x'] }, more: {} } }],
  [restart, { progress: 'failed start', failure }],
  [restart, { progress: 'started', worker: { generation: 2, pid: 4712 } }],
  [restart, { ok: true, worker }],
  [ask('cancel'), { ok: true, worker }],
  [ask('cancel'), { ok: true, worker: null }],
  [ask('stop'), { progress: 'stopping', pid: 1 }],
  [ask('stop'), { ok: true, pid: 4711 }],
  [reconfigure, { progress: 'in force' }],
  [reconfigure, { ok: true, worker }],
  [check, { ok: true, changes: { listeners: [change], command: [{ option: '--port', after: ['80'] }] } }],
  [ask('upgrade'), { ok: true, upgraded: { from: image, to: { ...image, more: 1 } } }],
  [ask('reopen logs'), { ok: true, more: 1 }],
  [ask('follow'), { ok: true }],
  [ask('follow'), event],
  [restart, { ok: false, code: 'of a newer one', error: 'x', exitCode: 75, details: ['y'] }],
];
for (const [request, answer] of right)
  t.same(parseAnswer(JSON.stringify(answer), request), answer, `${request.command}: ${JSON.stringify(answer)}`);

const news: readonly (readonly [request: Request, told: object])[] = [
  [ask('status'), { progress: 'of a newer one' }],
  [ask('stop'), { progress: 'in force' }],
  [ask('follow'), { event: 'of a newer one' }],
  [ask('follow'), { event: 'constructor' }],
];
for (const [request, told] of news)
  t.equal(parseAnswer(JSON.stringify(told), request), 'unknown', `no answer yet: ${JSON.stringify(told)}`);

const withWorker = (one: object) => ({ ok: true, status: { ...status, workers: [{ ...worker, ...one }] } });
const wrong: readonly (readonly [request: Request, answer: unknown])[] = [
  ...[null, {}, { pid: 1, workers: null }, { ...status, pid: -1 }, { ...status, leftBehind: [1] }].map(
    (value) => [ask('status'), { ok: true, status: value }] as const,
  ),
  ...[1, 0, -1, -12735, 1.5, 2 ** 31, 'abc', null].map((pid) => [ask('status'), withWorker({ pid })] as const),
  [ask('stop'), { ok: true }],
  [ask('stop'), { progress: 'stopping' }],
  [ask('stop'), { progress: 'stopping', pid: -1 }],
  [restart, { progress: 'failed start', failure: {} }],
  [restart, { progress: 'started', worker: {} }],
  [ask('follow'), { ...event, pid: 0 }],
  [check, { ok: true, worker }],
  [reconfigure, { ok: true, changes: { listeners: [], command: [] } }],
  [ask('upgrade'), { ok: true, upgraded: { from: 'x', to: 'y' } }],
  [restart, { ok: false, code: 'failed', error: 'x', exitCode: 0 }],
  [restart, { ok: false, code: 'failed' }],
  [restart, { ok: 1 }],
];
for (const [request, answer] of wrong)
  t.equal(parseAnswer(JSON.stringify(answer), request), undefined, `${request.command}: ${JSON.stringify(answer)}`);

t.test('what tells nothing that was asked for is an answer to no request', (t) => {
  const isFree = ({ command }: Request) => command === 'reopen logs' || command === 'follow';
  for (const line of ['HTTP/1.1 400 Bad Request', '{}', '[]', '1', '', 'null', '{"ok":true,"status":{}}'])
    for (const request of all.filter((one) => !line.includes('ok') || !isFree(one)))
      t.equal(parseAnswer(line, request), undefined, `${request.command}: ${line}`);
  t.end();
});
