import t from 'tap';
import type { StatusReport } from '../../src/core/report/status-report.js';
import { failureInWords, inWords, statusTable } from '../../src/core/report/status-table.js';

t.test('all there is', (t) => {
  const report: StatusReport = {
    pid: 4711,
    version: '1.0.0',
    state: 'starting',
    generation: 12,
    workers: [
      { generation: 9, pid: 4719, state: 'ending', age: 90_061 },
      { generation: 10, pid: 4720, state: 'current', age: 3600 },
      { generation: 12, pid: 12345, state: 'starting', age: 0.2 },
    ],
    listeners: [
      { name: '8080', kind: 'tcp', address: '0.0.0.0', port: 8080 },
      { name: '[::1]:u53', kind: 'udp', address: '::1', port: 53 },
      { name: 'app.sock', kind: 'unix', address: 'app.sock' },
    ],
    command: ['--port=8080', '--', './app', "it's"],
    tried: ['--', './app'],
    closing: [{ name: '81', kind: 'tcp', address: '0.0.0.0', port: 81 }],
    leftBehind: [4700],
    lastFailure: { generation: 11, pid: 4721, waitStatus: 256, ending: 'exit code 1', output: ['boom'], age: 61 },
  };
  const table = [
    'start_server (pid:4711): starting, generation 12',
    '',
    'GENERATION  PID    STATE     AGE',
    '9           4719   ending    1d 1h',
    '10          4720   current   1h',
    '12          12345  starting  0s',
    '',
    'LISTENER   KIND  ADDRESS',
    '8080       tcp   0.0.0.0:8080',
    '[::1]:u53  udp   [::1]:53',
    'app.sock   unix  app.sock',
    '',
    'left behind, and serving: 4700',
    '',
    "command line: start_server --port=8080 -- ./app 'it'\\''s'",
    '',
    'on trial: start_server -- ./app',
    '',
    'closed after the old workers: 81',
    '',
    'last failure: generation 11, pid 4721, exit code 1 (wait status 256), 1m 1s ago',
    '  | boom',
    '',
  ];
  t.same(statusTable(report).split('\n'), table);
  t.end();
});

t.test('what files tell', (t) => {
  const report: StatusReport = { pid: 4711, generation: 2, workers: [{ generation: 2, pid: 4712, state: 'gone' }] };
  t.same(statusTable(report).split('\n'), [
    'start_server (pid:4711): generation 2',
    '',
    'GENERATION  PID   STATE  AGE',
    '2           4712  gone   -',
    '',
  ]);
  t.equal(statusTable({ ...report, workers: [] }), 'start_server (pid:4711): generation 2\n\nno workers\n');
  t.end();
});

t.test('a fork that was refused', (t) => {
  t.equal(failureInWords({ generation: 3, ending: 'fork refused: no' }), 'generation 3, fork refused: no');
  t.end();
});

t.test('ages', (t) => {
  const table: [seconds: number, words: string][] = [
    [-1, '0s'],
    [0.99, '0s'],
    [59, '59s'],
    [60, '1m'],
    [3601, '1h'],
    [3660, '1h 1m'],
    [86_400 * 400 + 5, '400d'],
  ];
  for (const [seconds, words] of table) t.equal(inWords(seconds), words);
  t.end();
});
