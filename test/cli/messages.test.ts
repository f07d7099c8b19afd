/**
 * Every error that an operator can cause, by the command line that causes it, with its exit code. What takes more than a
 * command line is told where it is tested. The texts themselves are held by test/core/failures.test.ts.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { controlMessages } from '../../src/core/text/control-messages.js';
import { failures } from '../../src/core/text/failures.js';
import { hostFaults, pathFaults } from '../../src/core/text/faults.js';
import { ownerFaults } from '../../src/core/text/owner-faults.js';
import { failing } from '../helpers/running/first-worker.js';
import { room } from '../helpers/place/room.js';

/** Words with blanks between them, the exit code, and the last line. */
type Row = readonly [words: string, code: number, line: string];
type Key = keyof typeof failures | keyof typeof controlMessages;

const noFile = 'No such file or directory';
const long = 'x'.repeat(120);

const byCommandLine: Readonly<Partial<Record<Key, Row>>> = {
  unknownOption: ['--prot=80', 1, failures.unknownOption('prot', '--port')],
  ambiguousOption: ['--p=80', 1, failures.ambiguousOption('p', ['path', 'pid-file', 'port'])],
  missingName: ['+', 1, failures.missingName('+')],
  missingArgument: ['--port', 1, failures.missingArgument('port')],
  unwantedArgument: ['--stop=now', 1, failures.unwantedArgument('stop')],
  noNumber: ['--interval=soon', 1, failures.noNumber('soon', 'interval')],
  strayOption: ['./app -o', 1, failures.strayOption('-o', './app')],
  restartNeedsFiles: ['--restart', 255, failures.restartNeedsFiles()],
  stopNeedsFile: ['--stop', 255, failures.stopNeedsFile()],
  showStatusNeedsFiles: ['--show-status', 255, failures.showStatusNeedsFiles()],
  followNeedsControl: ['--follow', 255, failures.followNeedsControl()],
  cancelNeedsControl: ['--cancel', 255, failures.cancelNeedsControl()],
  upgradeNeedsControl: ['--upgrade', 255, failures.upgradeNeedsControl()],
  noMode: ['--path=s --path-mode=8 -- true', 1, failures.noMode('8')],
  noOwner: ['--path=s --path-owner=: -- true', 1, failures.noOwner(':')],
  onlyWith: ['--json -- true', 1, failures.onlyWith('--json', '--show-status or --follow')],
  daemonNeedsLog: ['--daemonize -- true', 255, failures.daemonNeedsLog()],
  noProgram: ['--port=8080', 255, failures.noProgram()],
  swallowed: [
    '--status --control=c',
    255,
    failures.swallowed({ typed: '--status', option: '--status-file', value: '--control=c', meant: '--show-status' }),
  ],
  tooLow: ['--interval=-1 -- true', 1, failures.tooLow('--interval', '-1', 0)],
  unknownWord: ['--ready=soon -- true', 1, failures.unknownWord('--ready', 'soon', ['interval', 'notify', 'fd'])],
  ofOption: ['--signal-on-hup=UP -- true', 1, failures.ofOption('--signal-on-hup', failures.unknownSignal('UP', 64))],
  unknownSignal: [
    '--signal-on-term=X -- true',
    1,
    failures.ofOption('--signal-on-term', failures.unknownSignal('X', 64)),
  ],
  invalidPort: ['--port=http -- true', 255, failures.invalidPort('http')],
  unresolvable: ['--port=:80 -- true', 255, failures.unresolvable('', hostFaults.empty())],
  invalidPath: [`--path=${long} -- true`, 255, failures.invalidPath(long, pathFaults.tooLong(120, 108))],
  samePath: ['--path=s --path=s -- true', 255, failures.samePath('s')],
  sharedFile: [
    '--path=s --control=./s -- true',
    1,
    failures.sharedFile({ option: '--path', path: 's' }, { option: '--control', path: './s' }, false),
  ],
  sameDescriptor: ['--port=1=5 --port=2=5 -- true', 255, failures.sameDescriptor(5, '1', '2')],
  cannotBind: [
    '--port=192.0.2.1:8080 -- true',
    99,
    failures.cannotBind('192.0.2.1:8080', 'Cannot assign requested address', 'EADDRNOTAVAIL'),
  ],
  portGivenTwice: [
    '--port=127.0.0.1:8001 --port=127.0.0.1:8001=7 -- true',
    98,
    failures.portGivenTwice('127.0.0.1:8001', 'Address already in use', '127.0.0.1:8001'),
  ],
  pathIsDirectory: ['--path=directory/ -- true', 98, failures.pathIsDirectory('directory/', 'Address already in use')],
  controlIsDirectory: ['--control=directory -- true', 98, failures.controlIsDirectory('directory')],
  cannotListenToFile: ['--path=no/s -- true', 2, failures.cannotListenToFile('no/s', noFile, 'ENOENT')],
  pathOccupied: ['--path=file -- true', 98, failures.pathOccupied('file')],
  cannotOpenControl: ['--control=no/c -- true', 2, failures.cannotOpenControl('no/c', noFile)],
  controlOccupied: ['--control=file -- true', 98, failures.controlOccupied('file')],
  cannotConnect: ['--restart --control=none', 1, controlMessages.cannotConnect('none', noFile, 'ENOENT')],
  cannotTakeOver: [
    '--take-over=999999999 --port=127.0.0.1:8001 -- true',
    1,
    failures.cannotTakeOver(999999999, ownerFaults.nobody()),
  ],
  cannotOpenPidFile: ['--pid-file=no/pid -- true', 2, failures.cannotOpenPidFile('no/pid', noFile)],
  cannotOpenPipe: ['--log-file=|no-such-logger -- true', 2, failures.cannotOpenPipe('|no-such-logger', noFile)],
  reconfigureNeedsControl: ['--reconfigure -- true', 255, failures.reconfigureNeedsControl()],
  cannotOpen: ['--stop --pid-file=none', 2, controlMessages.cannotOpen('none', noFile, 'ENOENT')],
  notRunning: ['--stop --pid-file=file', 1, controlMessages.notRunning('file', '42')],
};

/** The test that causes it, and a text that is there. */
const elsewhere: Readonly<Partial<Record<Key, readonly [test: string, text: string]>>> = {
  unnamedSocket: ['systemd/sockets-in', 'systemd hands down a socket that no option names: '],
  beyondListenFds: ['systemd/sockets-out', 'failures.beyondListenFds('],
  beforeListenFds: ['systemd/sockets-out', 'failures.beforeListenFds('],
  sharedFileKept: ['cli/shared-files', 'is the same file as '],
  workersOutlive: ['cli/outliving-workers', 'warning: processes that a worker has left serve on:'],
  unknownOwner: ['cli/path-access', '--path-owner: no user '],
  noNotifySocket: ['cli/readiness', 'failures.noNotifySocket'],
  descriptorTooHigh: ['cli/refused-ports', 'dup2(2) failed('],
  sameKey: ['cli/refused-ports', 'warning: more than one socket is called'],
  cannotListen: ['core/failures', 'listen(2) failed:'],
  cannotCreateSocket: ['core/failures', 'failed to create socket:'],
  portInUse: ['cli/refused-ports', 'Address already in use; process '],
  pathInUse: ['cli/occupied-paths', 'accepts connections there'],
  pathBusy: ['cli/path-turns', 'another process is about to do the same'],
  cannotRemoveSocket: ['core/failures', 'failed to remove existing socket file:'],
  cannotWritePidFile: ['cli/full-disk', 'failed to write file:'],
  pidFileHeld: ['cli/pid-file', 'holds it; stop that start_server first'],
  pidFileBlocked: ['security/locked-pid-file', 'may only read that file, and '],
  cannotDaemonize: ['core/failures', 'failed to daemonize: '],
  daemonKilled: ['cli/daemonize-refused', 'the daemon was killed before it had started a worker'],
  stopping: ['helpers/running/control', 'stop_server (pid:'],
  cannotSignal: ['cli/refused-control', 'failed to send SIGHUP to the server process:'],
  nothingActive: ['cli/refused-control', 'no active process found in the status file'],
  notNamed: ['cli/refused-control', 'somebody else holds its lock'],
  notTold: ['security/files-across-namespaces', 'the system does not tell whether that process '],
  controlInUse: ['cli/control', 'failed to open control socket:c:another process accepts connections there'],
  restartTimedOut: ['cli/restart-timeout', "restartTimedOut('1')"],
  olderWorkersLeft: ['cli/restart-timeout', "olderWorkersLeft('1')"],
  stopTimedOut: ['cli/restart-timeout', 'the server process has not ended within 1 secs'],
  stopUnanswered: ['cli/suspended', 'the server process has not answered within 1 secs, and no worker was killed'],
  killUnnoticed: ['cli/suspended', 'the server process has not ended within 30 secs after its workers were killed'],
  cancelUnanswered: ['cli/suspended', 'the server process has not answered within 1 secs; '],
  killsNothing: ['cli/stop-force', 'no worker is killed, since start_server runs where processes have other numbers'],
  killing: ['cli/stop-force', 'killing what has not ended: '],
  stopIsSlow: ['cli/restart-timeout', 'has not ended yet, and is waited for'],
  statusTimedOut: ['cli/restart-timeout', 'the server process has not answered within 1 secs'],
  failedStart: ['cli/restart-timeout', 'a new worker has failed to start: generation 2'],
  keepFailing: ['core/awaited', 'new workers have failed so far'],
  noneSeen: ['core/awaited', 'no new worker is to be seen'],
  failedAlike: ['cli/restart-timeout', 'the same has happened'],
  serverStopped: ['library/cancel', 'the server ended before a new worker had started: it was told to end'],
  serverEnded: ['library/start-server', 'the server ended before a new worker had started'],
  failedUntilTimeout: ['cli/restart-timeout', 'no new worker has started well within 5 secs'],
  cannotChange: ['cli/reconfigure-refused', 'cannot change while start_server runs'],
  relativeElsewhere: ['cli/reconfigure-refused', 'is a relative path, and start_server runs in another directory'],
  cannotOpenCandidate: ['core/failures', 'failed to open what the new command line needs'],
  stillBound: ['cli/reconfigure-refused', 'of the command line in force has it'],
  restartCancelled: ['cli/cancel', 'the restart was cancelled; who served before'],
  reconfigureCancelled: ['cli/cancel', 'the new command line was cancelled before it was in force'],
  nothingToCancel: ['cli/cancel', 'nothing is cancelled: no restart is under way'],
  noWayBack: ['cli/cancel', 'nothing is cancelled: no other worker serves'],
  cancelTimedOut: ['cli/cancel', 'the restart is cancelled, but its worker has not ended within 1 secs'],
  isStarting: ['core/failures', 'start_server is just opening its sockets'],
  isTakingOver: ['cli/take-over', 'sockets are still being taken over from another process'],
  isReconfiguring: ['cli/reconfigure-refused', 'another reconfiguration is under way'],
  reconfigureFailed: ['cli/reconfigure-refused', 'the new command line has failed: generation 2'],
  withdrawn: ['core/failures', 'the new command line was taken back'],
  reconfigureTimedOut: ['cli/reconfigure-refused', 'no worker of the new command line has taken over within 1 secs'],
  oldWorkersLeft: ['cli/reconfigure-refused', 'the new command line is in force, but workers of the one before'],
  reconfigureUnanswered: ['cli/reconfigure-refused', 'the server process has not answered within 1 secs'],
  restartFailed: ['cli/restart-timeout', 'the restart has failed: generation 2'],
  noStart: ['core/restart-ticket', 'nothing serves any more'],
  notControl: ['cli/false-answers', 'what answers at c is no start_server'],
  noAnswer: ['cli/control-faults', 'start_server has ended before it had answered'],
  isStopping: ['cli/control-faults', 'start_server is about to end'],
  badRequest: ['cli/control-faults', 'this is no request'],
  longRequest: ['cli/control-faults', 'a request has 4096 bytes at most'],
  lateRequest: ['system/control-peer', 'too late'],
  foreignUser: ['cli/control-faults', 'user 65534 may not control this start_server'],
  tooManyFollowers: ['security/control-places', '16 clients follow'],
  displaced: ['security/control-places', '32 clients that came later wait for the same'],
  slowToAsk: ['security/control-places', '128 clients that came later have not asked either'],
  cannotPrint: ['cli/unwritten-output', 'failed to write standard output: '],
  cannotHibernate: ['upgrade/sleep', '--hibernate is not possible here: No such file or directory'],
  upgradeRefused: ['upgrade/refused', 'the upgrade was refused: '],
  upgradeTimedOut: ['upgrade/control-clients', 'the upgrade was not over within 1 secs'],
  cannotUpgradeProgram: ['library/control', 'this start_server is a part of another program'],
  endedMeanwhile: ['cli/restart-command', 'has ended before a new worker had taken over'],
};

t.test('every failure is caused somewhere', (t) => {
  const keys = [...Object.keys(failures), ...Object.keys(controlMessages)].sort();
  t.same([...Object.keys(byCommandLine), ...Object.keys(elsewhere)].sort(), keys);
  for (const [key, [test, text]] of Object.entries(elsewhere)) {
    const file = join(import.meta.dirname, '..', `${test}.ts`);
    const source = [file.replace(/\.ts$/, '.test.ts'), file].map(readOrNothing).join('');
    t.ok(source.includes(text), `${key}: ${test} has ${text}`);
  }
  t.end();
});

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // the other of the two names
  }
}

t.test('command lines', async (t) => {
  const cwd = room(t);
  writeFileSync(join(cwd, 'file'), '42\n');
  mkdirSync(join(cwd, 'directory'));
  const ends = Object.entries(byCommandLine).map(async ([key, [words, code, line]]) => {
    const ended = await failing(t, words.split(' '), { cwd });
    t.same([ended.code, ended.stdout, ended.stderr.split('\n').at(-2)], [code, '', line], key);
  });
  await Promise.all(ends);
});
