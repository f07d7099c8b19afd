/** What comes over the control socket: requests, whose command lines mean something, and answers for a client. */
import assert from 'node:assert/strict';
import { commandChanges, relativePaths, unchangeable } from '../../src/core/command-line/command-changes.js';
import { commandWords } from '../../src/core/command-line/command-words.js';
import { commandToChangeTo } from '../../src/core/command-line/command.js';
import { parseOptions } from '../../src/core/command-line/option-parser.js';
import { optionTable } from '../../src/core/command-line/option-table.js';
import { parseAnswer } from '../../src/core/report/answers.js';
import {
  longestRequest,
  parseRequest,
  type ReconfigureRequest,
  type Request,
} from '../../src/core/report/control-protocol.js';
import { changeTable } from '../../src/core/report/change-table.js';
import { prometheusText } from '../../src/core/report/prometheus.js';
import { statusTable } from '../../src/core/report/status-table.js';
import { bytesOf, wordOf } from '../../src/system/control/word.js';
import { text } from '../../src/system/engine/bytes.js';
import { commandSystem } from '../../src/system/engine/platform.js';
import type { Target } from './fuzzer.js';

const request = (words: readonly unknown[], more: object = {}) =>
  JSON.stringify({ command: 'reconfigure', words, directory: '/srv', ...more });

/** A line as it came, or what stands behind `words:`, one word a line, sent as start_server sends it. */
export const controlTarget: Target = {
  name: 'control-requests',
  seeds: [
    '{"command":"status"}',
    '{"command":"restart","progress":true}',
    '{"command":"fly"}',
    '{"ok":true,"pid":1}',
    '{"progress":"stopping"}',
    '{"ok":true,"status":{"pid":1,"generation":2,"workers":[{"generation":2,"pid":5,"state":"current","age":1}]}}',
    '{"ok":true,"changes":{"listeners":[{"change":"kept","name":"80","kind":"tcp"}],"command":[{"after":["x"]}]}}',
    request(['--port=80', '--', './app', 'ä', { base64: '6Q==' }]),
    request(['--port=80', 'app'], { check: true, timeout: 5 }),
    request(['a\0b', '\ud800', { base64: 'AA==' }], { timeout: 0 }),
    'words:--port=8080\n--path=/tmp/s\n--\n./app\n\xe9\n',
    'words:--int=005\n--stop-timeout=1_000\n--status-file\n\n--log-file=| cat\n--envdir=e\napp',
    'words:--path-mode=0660\n--path-owner=a:b\n--listen-fds=all\n--systemd\n--ready=fd\n--max-pause=9\napp',
  ],
  tokens: [
    ...['words:', '\n', '"', '\\u0000', '\\udcff', '{"base64":"', '":', ',', '[', ']', '{', '}', 'null', '1e400'],
    ...['"command":"reconfigure"', '"words":', '"directory":', '"check":true', '"timeout":', '"progress":', '"ok":'],
    ...optionTable.map(({ name }) => `--${name}=`),
  ],
  check: (input) => {
    if (input.startsWith('words:')) checkWords(input.slice(6).replaceAll('\0', '').split('\n'));
    else checkLine(input);
  },
};

/** A line is of bytes, and is read as UTF-8. */
function checkLine(line: string): void {
  const asked = parseRequest(text(line));
  if (asked !== undefined) assert.deepEqual(parseRequest(JSON.stringify(asked)), asked, 'and means it once more');
  if (asked?.command === 'reconfigure') checkRequest(asked);
  assert.ok([4096, 2 ** 19].includes(longestRequest(line)));
  for (const request of requests) checkAnswer(request, parseAnswer(text(line), request));
}

const plain = ['status', 'stop', 'reopen logs', 'follow', 'upgrade', 'cancel'] as const;
const requests: readonly Request[] = [
  ...plain.map((command) => ({ command })),
  { command: 'restart', progress: true },
  { command: 'reconfigure', words: [], directory: '/', check: true },
];

/** What is taken for an answer can be shown, and its pids are those of processes. */
function checkAnswer({ command }: Request, answer: ReturnType<typeof parseAnswer>): void {
  if (answer === undefined || answer === 'unknown') return;
  if (command === 'status' && 'status' in answer) {
    assert.match(statusTable(answer.status), /^start_server \(pid:\d+\): /);
    assert.match(prometheusText(answer.status), /\n$/);
    for (const { pid } of answer.status.workers) assert.ok(Number.isInteger(pid) && pid > 1);
  } else if (command === 'reconfigure' && 'changes' in answer) assert.match(changeTable(answer.changes), /\n$/);
}

/** What is sent arrives byte by byte. */
function checkWords(words: readonly string[]): void {
  const sent = request(words.map(wordOf), { directory: wordOf(words[0] ?? '') });
  const asked = parseRequest(sent);
  assert.ok(asked?.command === 'reconfigure');
  assert.deepEqual(asked.words.map(bytesOf), words);
  assert.equal(bytesOf(asked.directory), words[0]);
  checkRequest(asked);
}

function checkRequest({ words, directory, timeout }: ReconfigureRequest): void {
  assert.ok(timeout === undefined || timeout > 0);
  for (const word of [...words, directory].map(bytesOf))
    assert.doesNotMatch(word, /[^\x01-\xff]/, 'bytes of an argument');
  for (const word of words) if (typeof word === 'string') assert.equal(text(bytesOf(word)), word, 'the text as it was');
  for (const posixlyCorrect of [false, true]) checkCommandLine(words.map(bytesOf), posixlyCorrect);
}

/** Written in full it means the same, and it changes nothing where it is in force already. */
function checkCommandLine(words: readonly string[], posixlyCorrect: boolean): void {
  const asked = parseOptions(words, { posixlyCorrect });
  const command = asked.errors.length > 0 ? undefined : commandToChangeTo(asked, commandSystem);
  if (command === undefined) return;
  if (!command.ok) {
    assert.ok(command.error.message.length > 0 && command.error.exitCode > 0 && command.error.exitCode < 256);
    return;
  }
  const { value } = command;
  const inFull = parseOptions(commandWords(value), { posixlyCorrect });
  assert.deepEqual(inFull.errors, []);
  assert.deepEqual(commandToChangeTo(inFull, commandSystem), command);
  assert.deepEqual(unchangeable(value, value, '/srv'), []);
  assert.deepEqual(commandChanges(value, value), []);
  for (const { path } of relativePaths(value)) assert.ok(!path.startsWith('/'));
}
