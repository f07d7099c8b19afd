/** Every error that an operator can cause: one line with the reason, the value and the way out. */
import t from 'tap';
import { controlMessages } from '../../src/core/text/control-messages.js';
import { failures } from '../../src/core/text/failures.js';
import { messages } from '../../src/core/loop/messages.js';

/** The values of a failure; all of them have to be seen in its line, and the line has to begin with the words. */
type Row = readonly [begins: string, line: string, values: readonly string[]];

const holder = { pid: 42, name: 'app', isOurs: false };

const rows: Readonly<Record<keyof typeof failures, Row>> = {
  unknownOption: ['Unknown option: V1', failures.unknownOption('V1'), ['V1']],
  ambiguousOption: [
    'Option V1 is ambiguous (V2, V3)',
    failures.ambiguousOption('V1', ['V2', 'V3']),
    ['V1', 'V2', 'V3'],
  ],
  missingName: ['Missing option after +', failures.missingName('+'), ['+']],
  missingArgument: ['Option V1 requires an argument', failures.missingArgument('V1'), ['V1']],
  unwantedArgument: ['Option V1 does not take an argument', failures.unwantedArgument('V1'), ['V1']],
  noNumber: ['Value "V1" invalid for option V2 (number expected)', failures.noNumber('V1', 'V2'), ['V1', 'V2']],
  strayOption: ['if "V1" is meant for the program, ', failures.strayOption('V1', 'V2'), ['V1', 'V2']],
  noMode: ['--path-mode: "V1" is no mode; ', failures.noMode('V1'), ['V1']],
  noOwner: ['--path-owner: "V1" names nobody; ', failures.noOwner('V1'), ['V1']],
  unknownOwner: ['--path-owner: no user "V1" is known: V2; ', failures.unknownOwner('user', 'V1', 'V2'), ['V1', 'V2']],
  cannotHibernate: ['--hibernate is not possible here: no sleeper; ', failures.cannotHibernate('no sleeper'), []],
  followNeedsControl: ['--follow option requires --control to ', failures.followNeedsControl(), []],
  cancelNeedsControl: ['--cancel option requires --control to ', failures.cancelNeedsControl(), []],
  upgradeNeedsControl: ['--upgrade option requires --control to ', failures.upgradeNeedsControl(), []],
  restartNeedsFiles: ['--restart option requires --pid-file and --status-file to ', failures.restartNeedsFiles(), []],
  stopNeedsFile: ['--stop option requires --pid-file to be set as well', failures.stopNeedsFile(), []],
  reconfigureNeedsControl: [
    '--reconfigure option requires --control to be set',
    failures.reconfigureNeedsControl(),
    [],
  ],
  cannotChange: [
    '--V1 cannot change while start_server runs',
    failures.cannotChange('--V1', '--V1=V2'),
    ['--V1', '--V1=V2'],
  ],
  relativeElsewhere: [
    '--V1: "V2" is a relative path, and start_server runs in another directory, "V3"',
    failures.relativeElsewhere('--V1', 'V2', 'V3'),
    ['V1', 'V2', 'V3'],
  ],
  cannotOpenCandidate: [
    'failed to open what the new command line needs: V1',
    failures.cannotOpenCandidate('V1'),
    ['V1'],
  ],
  sharedFile: [
    '--V1: "V2" is the same file as "V3" of --V4, of the command line in force; ',
    failures.sharedFile({ option: '--V1', path: 'V2' }, { option: '--V4', path: 'V3' }, true),
    ['V1', 'V2', 'V3', 'V4'],
  ],
  sharedFileKept: [
    'warning: --V1: "V2" is the same file as "V3" of --V4; ',
    failures.sharedFileKept({ option: '--V1', path: 'V2' }, { option: '--V4', path: 'V3' }),
    ['V1', 'V2', 'V3', 'V4'],
  ],
  stillBound: ['failed to bind to V1:V2', failures.stillBound('V1', 'V2', 'V3'), ['V1', 'V2', 'V3']],
  showStatusNeedsFiles: [
    '--show-status option requires --control, or --pid-file and ',
    failures.showStatusNeedsFiles(),
    [],
  ],
  onlyWith: ['V1 makes no sense here', failures.onlyWith('V1', 'V2'), ['V1', 'V2']],
  daemonNeedsLog: ['Usage: --log-file option must be specified together with ', failures.daemonNeedsLog(), []],
  noProgram: ['server program not specified', failures.noProgram(), []],
  swallowed: [
    'server program not specified',
    failures.swallowed({ typed: 'V1', option: 'V2', value: 'V3', meant: 'V4' }),
    ['V1', 'V2', 'V3', 'V4'],
  ],
  tooLow: ['--interval: "-5" is too low', failures.tooLow('--interval', '-5', 0), ['-5']],
  unknownWord: ['--ready: "V1" is unknown', failures.unknownWord('--ready', 'V1', ['V2', 'V3']), ['V1', 'V2 or V3']],
  noNotifySocket: ['--ready: no socket for notify: Protocol', failures.noNotifySocket('Protocol'), ['notify']],
  ofOption: ['V1: ', failures.ofOption('V1', failures.unknownSignal('V2', 64)), ['V1', 'V2', '64']],
  unknownSignal: ['unknown signal "V1"', failures.unknownSignal('V1', 64), ['V1', '64']],
  invalidPort: ["invalid ``port'' value:V1: V2", failures.invalidPort('V1', { reason: 'V2' }), ['V1', 'V2']],
  unresolvable: ['failed to resolve host:V1:V2', failures.unresolvable('V1', 'V2'), ['V1', 'V2']],
  invalidPath: [
    'invalid path "V1": V2',
    failures.invalidPath('V1', { reason: 'V2', remedy: 'V3' }),
    ['V1', 'V2', 'V3'],
  ],
  samePath: ['path "V1" is given twice', failures.samePath('V1'), ['V1']],
  sameDescriptor: [
    'descriptor 5 is asked for twice',
    failures.sameDescriptor(5, 'V1', 'V2'),
    ['descriptor 5', 'V1', 'V2'],
  ],
  unnamedSocket: [
    'systemd hands down a socket that no option names: V1',
    failures.unnamedSocket('V1', 'V2'),
    ['V1', 'V2'],
  ],
  beyondListenFds: [
    '--listen-fds: descriptor 7 is asked for',
    failures.beyondListenFds(7, 3, 4),
    ['7', '3 to 4', '=7'],
  ],
  beforeListenFds: ['--listen-fds: descriptor 3 was inherited', failures.beforeListenFds(3), ['3']],
  descriptorTooHigh: ['dup2(2) failed(V1): Bad file descriptor', failures.descriptorTooHigh('V1', 256), ['V1', '256']],
  sameKey: ['warning: more than one socket is called "V1"', failures.sameKey('V1'), ['V1']],
  cannotBind: ['failed to bind to V1:V2', failures.cannotBind('V1', 'V2', 'EACCES'), ['V1', 'V2']],
  portInUse: ['failed to bind to V1:V2', failures.portInUse('V1', 'V2', [holder]), ['V1', 'V2', '42', 'app']],
  portGivenTwice: ['failed to bind to V1:V2', failures.portGivenTwice('V1', 'V2', 'V3'), ['V1', 'V2', 'V3']],
  cannotListen: ['listen(2) failed:V2', failures.cannotListen('V1', 'V2'), ['V1', 'V2']],
  cannotCreateSocket: ['failed to create socket:V2', failures.cannotCreateSocket('V1', 'V2'), ['V1', 'V2']],
  cannotListenToFile: [
    'failed to listen to file V1:V2',
    failures.cannotListenToFile('V1', 'V2', 'EACCES'),
    ['V1', 'V2'],
  ],
  pathInUse: ['failed to listen to file V1:', failures.pathInUse('V1', [holder]), ['V1', '42', 'app']],
  pathBusy: ['failed to open a socket at V1:', failures.pathBusy('V1', 'V2'), ['V1', 'V2']],
  pathOccupied: ['failed to listen to file V1:', failures.pathOccupied('V1'), ['V1']],
  pathIsDirectory: ['failed to listen to file V1:V2', failures.pathIsDirectory('V1', 'V2'), ['V1', 'V2']],
  cannotRemoveSocket: [
    'failed to remove existing socket file:V1:V2',
    failures.cannotRemoveSocket('V1', 'V2'),
    ['V1', 'V2'],
  ],
  cannotOpenControl: ['failed to open control socket:V1:V2', failures.cannotOpenControl('V1', 'V2'), ['V1', 'V2']],
  controlInUse: ['failed to open control socket:V1:', failures.controlInUse('V1'), ['V1']],
  controlIsDirectory: ['failed to open control socket:V1:', failures.controlIsDirectory('V1'), ['V1']],
  controlOccupied: ['failed to open control socket:V1:', failures.controlOccupied('V1'), ['V1']],
  cannotTakeOver: [
    'failed to take over from process 42:V1',
    failures.cannotTakeOver(42, { reason: 'V1', remedy: 'V2' }),
    ['42', 'V1', 'V2'],
  ],
  cannotOpenPidFile: ['failed to open file:V1: V2', failures.cannotOpenPidFile('V1', 'V2'), ['V1', 'V2']],
  cannotWritePidFile: ['failed to write file:V1: V2', failures.cannotWritePidFile('V1', 'V2'), ['V1', 'V2']],
  pidFileHeld: ['failed to lock file:V1: process 42 holds it', failures.pidFileHeld('V1', '42'), ['V1', '42']],
  pidFileBlocked: [
    'failed to lock file:V1: process 42 holds it, though its user 5 may',
    failures.pidFileBlocked('V1', 42, 5, 'V2'),
    ['V1', '42', 'V2'],
  ],
  cannotPrint: ['failed to write standard output: V1', failures.cannotPrint('V1'), ['V1', '>FILE']],
  cannotOpenPipe: ['failed to open pipe:V1: V2', failures.cannotOpenPipe('V1', 'V2'), ['V1', 'V2']],
  cannotDaemonize: ['failed to daemonize: V1: V2', failures.cannotDaemonize('V1', 'V2'), ['V1', 'V2']],
  daemonKilled: ['the daemon was killed before it had started a worker', failures.daemonKilled(), []],
};

/** Failures of the other two tables. */
const others: Readonly<Record<string, Row>> = {
  cannotOpen: ['failed to open file:V1:V2', controlMessages.cannotOpen('V1', 'V2', 'ENOENT'), ['V1', 'V2']],
  cannotSignal: ['failed to send SIGHUP to the server process:V1', controlMessages.cannotSignal('HUP', 'V1'), ['V1']],
  nothingActive: ['no active process found in the status file', controlMessages.nothingActive(), []],
  notRunning: ['no superdaemon is running', controlMessages.notRunning('V1', 'V2'), ['V1', 'V2']],
  notNamed: ['no superdaemon is running', controlMessages.notNamed('V1', 'V2'), ['V1', 'V2']],
  notTold: ['no superdaemon is known to run', controlMessages.notTold('V1', 'V2'), ['V1', 'V2', '--control']],
  endedMeanwhile: ['the server process 42 has ended', controlMessages.endedMeanwhile(42), ['42']],
  workersOutlive: [
    'warning: processes that a worker has left serve on:42,43',
    controlMessages.workersOutlive([42, 43]),
    ['kill 42 43', 'exec'],
  ],
  restartTimedOut: ['no new worker has taken over within 5 ', controlMessages.restartTimedOut('5'), ['5']],
  olderWorkersLeft: ['the new worker serves, but older ones ', controlMessages.olderWorkersLeft('5'), ['5']],
  stopTimedOut: ['the server process has not ended within 5 ', controlMessages.stopTimedOut('5', []), ['5']],
  stopTimedOutBy: ['the server process has not ended within 5 ', controlMessages.stopTimedOut('5', [42]), ['5', '42']],
  killing: ['killing what has not ended: 42', controlMessages.killing([42]), []],
  stopIsSlow: ['worker 42 has not ended yet', controlMessages.stopIsSlow([42]), ['kill -KILL 42', '--stop-timeout']],
  stopIsSlowForAll: ['each of workers 42,43 has not ended yet', controlMessages.stopIsSlow([42, 43]), ['KILL 42 43']],
  statusTimedOut: ['the server process has not answered within 5 ', controlMessages.statusTimedOut('5'), ['5']],
  cannotConnect: [
    'failed to connect to control socket:V1:V2',
    controlMessages.cannotConnect('V1', 'V2', 'EIO'),
    ['V1', 'V2'],
  ],
  notControl: ['what answers at V1 is no start_server', controlMessages.notControl('V1'), ['V1']],
  noAnswer: ['start_server has ended before it had answered', controlMessages.noAnswer(), []],
  failedStart: ['a new worker has failed to start: V1', controlMessages.failedStart('V1'), ['V1']],
  keepFailing: ['5 new workers have failed so far', controlMessages.keepFailing(5), ['5', 'log']],
  noneSeen: ['no new worker is to be seen', controlMessages.noneSeen(), ['log', '--control']],
  failedAlike: ['the same has happened 5 times more', controlMessages.failedAlike(5), ['5']],
  failedAlikeOnce: ['the same has happened once more', controlMessages.failedAlike(1), []],
  serverStopped: ['the server ended before a new worker had started: it ', controlMessages.serverStopped(), []],
  serverEnded: ['the server ended before a new worker had started: V1', controlMessages.serverEnded('V1'), ['V1']],
  restartCancelled: ['the restart was cancelled', controlMessages.restartCancelled(), []],
  reconfigureCancelled: ['the new command line was cancelled', controlMessages.reconfigureCancelled(), []],
  nothingToCancel: ['nothing is cancelled: no restart is under way', controlMessages.nothingToCancel(), []],
  noWayBack: ['nothing is cancelled: no other worker serves', controlMessages.noWayBack(), ['--stop']],
  cancelUnanswered: ['the server process has not answered within 5 secs', controlMessages.cancelUnanswered('5'), ['5']],
  stopUnanswered: [
    'the server process has not answered within 5 secs, and ',
    controlMessages.stopUnanswered('5'),
    ['5'],
  ],
  killUnnoticed: ['the server process has not ended within 5 secs after', controlMessages.killUnnoticed('5'), ['5']],
  killsNothing: ['no worker is killed', controlMessages.killsNothing(), ['--stop --force there']],
  cancelTimedOut: ['the restart is cancelled, but its worker', controlMessages.cancelTimedOut('5'), ['5']],
  isTakingOver: ['sockets are still being taken over', controlMessages.isTakingOver(), []],
  isStarting: ['start_server is just opening its sockets', controlMessages.isStarting(), []],
  isReconfiguring: ['another reconfiguration is under way', controlMessages.isReconfiguring(), []],
  reconfigureFailed: [
    'the new command line has failed: V1',
    controlMessages.reconfigureFailed('V1', true),
    ['V1', 'its worker serves'],
  ],
  reconfigureFailedAtAll: [
    'the new command line has failed: V1',
    controlMessages.reconfigureFailed('V1', false),
    ['V1', 'none of its workers'],
  ],
  withdrawn: ['the new command line was taken back', controlMessages.withdrawn(), []],
  reconfigureTimedOut: [
    'no worker of the new command line has taken over within V1 secs',
    controlMessages.reconfigureTimedOut('V1'),
    ['V1'],
  ],
  oldWorkersLeft: ['the new command line is in force, but', controlMessages.oldWorkersLeft('V1'), ['V1']],
  reconfigureUnanswered: [
    'the server process has not answered within V1 secs',
    controlMessages.reconfigureUnanswered('V1'),
    ['V1'],
  ],
  restartFailed: ['the restart has failed: V1', controlMessages.restartFailed('V1', true), ['V1', 'old worker']],
  restartFailedAtAll: ['the restart has failed: V1', controlMessages.restartFailed('V1', false), ['V1', 'nothing']],
  failedUntilTimeout: [
    'no new worker has started well within 5 ',
    controlMessages.failedUntilTimeout('5', 'V1'),
    ['5', 'V1'],
  ],
  badRequest: ['this is no request', controlMessages.badRequest(), []],
  longRequest: ['a request has 5 bytes at most', controlMessages.longRequest(5), ['5']],
  lateRequest: ['no request within 5 ', controlMessages.lateRequest(5), ['5']],
  foreignUser: ['user 5 may not control this start_server', controlMessages.foreignUser(5), ['5']],
  tooManyFollowers: ['5 clients follow', controlMessages.tooManyFollowers(5), ['5']],
  displaced: ['5 clients that came later wait for the same', controlMessages.displaced(5), ['5']],
  slowToAsk: ['5 clients that came later have not asked either', controlMessages.slowToAsk(5), ['5']],
  isStopping: ['start_server is about to end', controlMessages.isStopping(), []],
  pidFileReplaced: [
    'warning: process 42 holds the lock of file:V1, which its user 5 may',
    messages.pidFileReplaced('V1', 42, 5),
    ['V1', '42'],
  ],
  forkFailed: ['fork(2) failed:V1', messages.forkFailed('V1'), ['V1']],
  programIsOneWord: ['the program cannot be executed: "V1 V2" is one', messages.programIsOneWord('V1 V2'), ['V1 V2']],
  programIsEmpty: ['the program cannot be executed: "" is empty', messages.programIsEmpty(), []],
  interpreterUnnamed: [
    'the program cannot be executed: the first line of "V1" names no interpreter',
    messages.interpreterUnnamed('V1'),
    ['V1'],
  ],
  onlyTold: ['warning: V1', messages.onlyTold('V1; V2'), ['V1']],
  programMissing: ['the program cannot be executed: there is no "V1"', messages.programMissing('V1', 'V2'), ['V2']],
  programNotAlong: ['the program cannot be executed: "V1" is in no', messages.programNotAlong('V1', 'V2'), ['V2']],
  programIsDirectory: [
    'the program cannot be executed: "V1" is a directory',
    messages.programIsDirectory('V1'),
    ['V1'],
  ],
  programNotExecutable: ['the program cannot be executed: this user', messages.programNotExecutable('V1'), ['V1']],
  interpreterMissing: ['the program cannot be', messages.interpreterMissing('V1', 'V2'), ['V1', 'V2', 'not there']],
  carriageReturns: ['the program cannot be', messages.carriageReturns('V1', 'V2\r'), ['V1', 'V2\\r', 'Windows']],
  interpreterNotExecutable: ['the program cannot be', messages.interpreterNotExecutable('V1', 'V2'), ['V1', 'V2']],
  loaderMissing: ['the program cannot be executed: "V1" needs', messages.loaderMissing('V1', 'V2'), ['V1', 'V2']],
  envdirUnread: ['warning: nothing is taken from "V1" of', messages.envdirUnread('V1', 'V2'), ['V1', 'V2']],
  logRefused: ['failed to open log file:V1: V2', messages.logRefused('V1', 'V2'), ['V1', 'V2']],
  unlinkFailed: ['failed to unlink file:V1:V2', messages.unlinkFailed('V1', 'V2'), ['V1', 'V2']],
  renameFailed: ['failed to rename V1 to V2:V3', messages.statusFailed('rename', 'V1', 'V2', 'V3'), ['V1', 'V2', 'V3']],
  writeFailed: ['failed to write temporary file:V1:V3', messages.statusFailed('write', 'V1', 'V2', 'V3'), ['V1', 'V3']],
  createFailed: [
    'failed to create temporary file:V1:V3',
    messages.statusFailed('open', 'V1', 'V2', 'V3'),
    ['V1', 'V3'],
  ],
};

/** The sentence says what to do without a `;`: the original's own lines are a demand. */
const demands = new Set([
  'strayOption',
  'restartNeedsFiles',
  'stopNeedsFile',
  'showStatusNeedsFiles',
  'reconfigureNeedsControl',
  'cancelNeedsControl',
  'upgradeNeedsControl',
  'followNeedsControl',
  'daemonNeedsLog',
]);

t.test('each is one line with its words, its values and what to do', (t) => {
  for (const [name, [begins, line, values]] of [...Object.entries(rows), ...Object.entries(others)]) {
    t.ok(line.startsWith(begins), `${name}: ${line}`);
    for (const value of values) t.ok(line.includes(value), `${name} shows ${value}`);
    t.match(line, demands.has(name) ? /put -- before|must be|requires --/ : /[^;]; \S.+/, `${name} tells the way out`);
    t.match(line, /^[ -~]+$/, `${name} is one line of plain text`);
    t.notMatch(line, /undefined|\[object|(?<!\.\.)[.;]$/, name);
  }
  t.end();
});
