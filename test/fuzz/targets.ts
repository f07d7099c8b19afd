/** The parsers that face outside input, and what each promises for every byte string. */
import { formatStatus, generationsIn, isReplaced } from '../../src/core/report/status-format.js';
import assert from 'node:assert/strict';
import { chooseCommand } from '../../src/core/command-line/command.js';
import { parseLogTarget } from '../../src/core/command-line/log-target.js';
import { parseOptions } from '../../src/core/command-line/option-parser.js';
import { optionTable } from '../../src/core/command-line/option-table.js';
import { numericPrefix } from '../../src/core/command-line/perl-number.js';
import { parsePid } from '../../src/core/report/pid-text.js';
import {
  assignDescriptors,
  checkListenerSpecs,
  parsePathSpec,
  parsePortSpec,
} from '../../src/core/command-line/port-spec.js';
import { serverStarterPort, type ListenerSpec } from '../../src/core/command-line/port-spec.js';
import { quoted } from '../../src/core/text/quoted.js';
import { parseServerPorts, portsByKey, socketsCalled } from '../../src/core/workers/server-ports.js';
import { duration } from '../../src/core/command-line/settings.js';
import { parseSignal } from '../../src/core/command-line/signal-name.js';
import { commandSystem, signals } from '../../src/system/engine/platform.js';
import { printable } from '../../src/system/output/printable.js';
import { controlTarget } from './control-target.js';
import { envdirTarget } from './envdir-target.js';
import type { Target } from './fuzzer.js';
import { handoverTarget } from './handover-target.js';
import { managerTarget } from './manager-target.js';
import { notificationTarget } from './notification-target.js';
import { procTarget } from './proc-target.js';
import { wayToEnd } from '../helpers/decision/way-to-end.js';

/** NUL ends a word, as it does in /proc/PID/cmdline; a first word `P` stands for POSIXLY_CORRECT. */
const optionWords: Target = {
  name: 'option-words',
  seeds: [
    '--port=8080\0--path=/tmp/s\0--\0./app\0-x',
    'P\0--interval=0\0app\0--stop',
    '--int\x005\0--kill-old-delay=1_000\0+daemonize\0--log-file=| cat\0app',
    '--restart\0--pid-file=p\0--status-file\0s',
    '--signal-on-hup=USR1\0--signal-on-term=NOPE\0--backlog=-1\0app',
  ],
  tokens: ['\0', '--', '-', '+', '=', ...optionTable.map(({ name }) => `--${name}=`)],
  check: (input) => {
    const words = input.split('\0');
    const posixlyCorrect = words[0] === 'P';
    const line = parseOptions(posixlyCorrect ? words.slice(1) : words, { posixlyCorrect });
    assert.ok(isSubsequence(line.program, words), 'the program is made of the words, in their order');
    for (const error of line.errors) assert.ok(error.length > 0);
    for (const value of Object.values(line.options)) {
      if (typeof value === 'object' && 'number' in value) assert.ok(!Number.isNaN(value.number));
    }
    const command = chooseCommand(line, commandSystem);
    if (!command.ok) assert.ok(command.error.exitCode > 0 && command.error.exitCode < 256);
  },
};

const portSpecs: Target = {
  name: 'port-specs',
  seeds: [
    '8080',
    'u53=5',
    '127.0.0.1:8080=04',
    '[::1]:80',
    ' [ ::ffff:1.2.3.4 ] : 0 ',
    'example.com:443',
    ':1',
    '0x7f.1:2',
  ],
  tokens: ['[', ']', ':', '::', 'u', '=', ' ', '.', '0', '65535', 'ffff', '127.1', 'localhost'],
  check: (input) => {
    const port = parsePortSpec(input);
    const path = parsePathSpec(input, 108);
    const specs = [port, path].flatMap((spec) => (spec.ok ? [spec.value] : []));
    for (const spec of [port, path]) if (!spec.ok) assert.equal(spec.error.exitCode, 255);
    if (checkListenerSpecs(specs, 1024).ok) comesBack(specs);
  },
};

/** What the superdaemon writes is what a worker reads. */
function comesBack(specs: readonly ListenerSpec[]): void {
  const assigned = assignDescriptors(specs, new Set([3]));
  assert.equal(new Set(assigned.map(({ number }) => number)).size, assigned.length);
  const read = parseServerPorts(serverStarterPort(assigned));
  assert.deepEqual(read, {
    ok: true,
    value: assigned.map(({ spec: { key }, number }) => ({ key, descriptor: number })),
  });
}

const serverPorts: Target = {
  name: 'server-ports',
  seeds: ['', '8080=3', '8080=3;/tmp/app.sock=4', '[::1]:80=5;80=6;', 'a=b=3', '__proto__=3', '=3', '8080=2147483648'],
  tokens: [';', '=', '=3', '8080', '/s', '__proto__', 'constructor'],
  check: (input) => {
    const read = parseServerPorts(input);
    if (!read.ok) {
      assert.equal(read.error.code, 'ERR_SERVER_STARTER_PORT');
      return;
    }
    const written = read.value.map(({ key, descriptor }) => `${key}=${String(descriptor)}`).join(';');
    assert.deepEqual(parseServerPorts(written), read);
    const ports = portsByKey(read.value);
    for (const { key } of read.value) assert.equal(typeof ports[key], 'number', key);
    for (const { key } of read.value.slice(-2)) assert.ok(socketsCalled(read.value, key).ok);
    assert.equal(socketsCalled(read.value, undefined).ok, Object.keys(ports).length === 1);
  },
};

const statusFiles: Target = {
  name: 'status-files',
  seeds: ['1:100\n', '1:100\n2:101\n', '10:1\n9:2\n', 'x\n3:\n:4\n5\n', '1:2\r\n'],
  tokens: [':', '\n', '1:2\n', '00', '99999999999999999999:1\n'],
  check: (input) => {
    const generations = generationsIn(input);
    assert.equal(new Set(generations).size, generations.length);
    for (const generation of generations) assert.ok(generation >= 0);
    assert.equal(isReplaced([], generations), generations.length === 1);
    const workers = generations
      .filter((generation) => Number.isSafeInteger(generation))
      .map((generation) => ({ generation, pid: generation + 1, forkedAt: 0, wayToEnd }));
    const again = generationsIn(formatStatus(workers)).sort((a, b) => a - b);
    assert.deepEqual(
      again,
      workers.map(({ generation }) => generation).sort((a, b) => a - b),
    );
  },
};

const pidFiles: Target = {
  name: 'pid-files',
  seeds: ['4711', ' 4711\r', '0', '-1', '12 34', '2147483648', '4711\n', '1e3', '+5'],
  tokens: [' ', '\t', '\r', '-', '2147483647', '0'],
  check: (input) => {
    const pid = parsePid(input);
    if (pid === undefined) return;
    assert.ok(Number.isInteger(pid) && pid >= 1 && pid < 2 ** 31, 'a signal to it reaches one process');
    assert.equal(input.replace(/[ \t\r]/g, ''), String(pid));
  },
};

const signalNames: Target = {
  name: 'signal-names',
  seeds: ['TERM', 'sigusr1', '10', 'SIG010', 'NUM40', 'RTMIN', '', '0', 'SIGSIGHUP'],
  tokens: ['SIG', 'NUM', 'RT', 'MAX', '64', 'constructor', '__proto__'],
  check: (input) => {
    const signal = parseSignal(input, signals);
    if (!signal.ok) assert.equal(signal.error.exitCode, 1);
    else assert.ok(signal.value.number >= 1 && signal.value.number <= signals.highest);
  },
};

const plainWord = /^[^$&*(){}[\]'";\\|?<>~` \t\n\r\f\v]+$/;

const logTargets: Target = {
  name: 'log-targets',
  seeds: ['app.log', '| cat', ' |\n tee -a log ', '| A=1 cat', '| cat > x', '|', '|| x', '| exec cat', "| sh -c 'x'"],
  tokens: ['|', ' ', '\n', 'exec ', 'A=', '$', '`', '~', '"'],
  check: (input) => {
    const target = parseLogTarget(input);
    if (target.type === 'file') assert.equal(target.path, input);
    else if (target.args[1] === '-c' && target.args[0] === '/bin/sh') assert.ok(input.endsWith(target.args[2] ?? '?'));
    else for (const word of target.args) assert.match(word, plainWord, 'nothing for a shell');
  },
};

const numbers: Target = {
  name: 'numbers',
  seeds: ['5', ' 1.5e3x', '-0', '.5', 'inf', '1e400', '\x0b7', '0x10', '-inf', 'nan'],
  tokens: ['e', '.', '-', 'inf', 'nan', '1.#ind', '1e308', '\xa0'],
  check: (input) => {
    if (Number.isNaN(numericPrefix(input))) assert.match(input, /^\s*[-+]?(?:1\.?#)?(?:[qs]?nan|ind)/i);
    assert.ok(Number.isFinite(duration(input).seconds), 'the loop can reckon with it');
    // What a message may show of anything: one line, and nothing that moves a cursor.
    assert.doesNotMatch(quoted(input), /[\0-\x1f\x7f]/);
    assert.doesNotMatch(printable(input), /[\0-\x08\n-\x1f\x7f]/);
  },
};

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const word of whole) if (word === part[at]) at += 1;
  return at === part.length;
}

export const targets: readonly Target[] = [
  ...[optionWords, portSpecs, serverPorts, statusFiles, pidFiles, signalNames, logTargets, numbers],
  envdirTarget,
  procTarget,
  controlTarget,
  handoverTarget,
  managerTarget,
  notificationTarget,
];
