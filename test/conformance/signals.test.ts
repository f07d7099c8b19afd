/** Signals to start_server. What HUP and TERM do to one another is rows 01 to 10 of the differences. */
import t from 'tap';
import {
  atOnce,
  ended,
  kill,
  reload,
  signal,
  started,
  wait,
  who,
  type Scenario,
} from '../helpers/side-by-side/scenario.js';
import { sideBySide } from '../helpers/side-by-side/side-by-side.js';

/** The probe is not impressed by USR2. */
const lingering = '--signal-on-hup=USR2';
const again = (worker: number) => [signal('SIGHUP'), started(worker), wait('killing old workers', worker - 1)] as const;

const withoutEffect = ['SIGALRM', 'SIGPIPE', 'SIGCHLD', 'SIGCONT', 'SIGWINCH'] as const;

const sent = (names: readonly NodeJS.Signals[]) => [started(1), ...names.map(signal)];

const onHup = [
  'USR1',
  'SIGUSR1',
  'usr1',
  'sigusr1',
  'SigUsr1',
  '10',
  '010',
  'SIG10',
  'KILL',
  '9',
  '',
  '0',
  'QUIT',
  'RTMIN',
  'NUM35',
  'CLD',
];
const onTerm = ['USR1', 'sigint', '3', 'KILL', 'SIG015', '0', ''];
/** Any signal that can be caught ends this probe. */
const quitting = ['-q', 'USR1,TERM,INT,QUIT,34,35,CHLD'];

sideBySide(t, {
  TERM: { options: ['--status-file=st'], steps: [started(1), signal('SIGTERM'), wait('exiting')], end: 'itself' },
  INT: { steps: sent(['SIGINT']), end: 'itself' },
  'INT in spite of --signal-on-term': { options: ['--signal-on-term=USR2'], steps: sent(['SIGINT']), end: 'itself' },
  'the exit code is 0 whatever those of the workers are': {
    probe: ['-x', '7'],
    steps: sent(['SIGTERM']),
    end: 'itself',
  },
  'a worker that kills itself in the end': { probe: ['-k', 'USR1'], steps: reload(2, 10) },
  'TERM in the first interval': { options: ['--interval=100'], steps: [started(1)] },
  'INT in the first interval': { options: ['--interval=100'], steps: sent(['SIGINT']), end: 'itself' },
  'a reload': { options: ['--port=127.0.0.1:0', '--path=s'], steps: reload() },
  'a reload with an interval': { options: ['--interval=1', '--port=127.0.0.1:0'], steps: reload() },
  'a reload with a kill-old-delay': { options: ['--kill-old-delay=1', '--interval=1'], steps: reload() },
  'three reloads': { steps: [...reload(2), ...reload(3), ...reload(4)] },
  'a reload, and a status other than 0': { probe: ['-x', '3'], steps: reload(2, 768) },
  'two HUPs at the same time': {
    options: ['--interval=1'],
    steps: [
      started(1),
      wait('starting new worker W1'),
      ...[signal('SIGSTOP'), atOnce('SIGHUP'), atOnce('SIGHUP')],
      atOnce('SIGCONT'),
      ended(1),
    ],
  },
  'old workers that stay are signalled again': {
    options: [lingering],
    steps: [started(1), ...again(2), ...again(3), ...again(4), who],
  },
  'old workers that stay, TERM in their turn': {
    options: [lingering, '--signal-on-term=QUIT'],
    steps: [started(1), ...again(2), ...again(3)],
  },
  'an old worker that leaves later': {
    options: ['--status-file=st', '--signal-on-term=QUIT'],
    probe: ['-q', 'INT,QUIT'],
    steps: [
      started(1),
      ...again(2),
      ...again(3),
      kill(1, 'SIGINT'),
      ended(1),
      kill(2, 'SIGQUIT'),
      ended(2),
      kill(3, 'SIGINT'),
      started(4),
    ],
  },
  'an old worker that is killed': {
    options: [lingering],
    steps: [started(1), ...again(2), kill(1), ended(1, 9), ...again(3), kill(2), ended(2, 9)],
  },
  'more signals during the shutdown': {
    probe: ['-i', 'TERM'],
    steps: [
      started(1),
      signal('SIGTERM'),
      wait('received TERM, sending TERM to all workers:W1'),
      ...(['SIGTERM', 'SIGHUP', 'SIGINT'] as const).map(signal),
      kill(1, 'SIGINT'),
    ],
    end: 'itself',
  },
  'a worker that ignores TERM is waited for': {
    probe: ['-i', 'TERM'],
    steps: [
      started(1),
      signal('SIGTERM'),
      wait('received TERM, sending TERM to all workers:W1'),
      signal('SIGALRM'),
      who,
      kill(1),
    ],
    end: 'itself',
  },
  'all workers end in the order of their deaths': {
    options: [lingering],
    probe: ['-i', 'TERM'],
    steps: [
      started(1),
      ...again(2),
      ...again(3),
      signal('SIGTERM'),
      wait('received TERM, sending TERM to all workers:W1,W2,W3'),
      kill(2),
      wait('worker W2 died, status:9'),
      kill(3, 'SIGINT'),
      wait('worker W3 died, status:0'),
      kill(1),
    ],
    end: 'itself',
  },
  ...Object.fromEntries(
    withoutEffect.map((name): [string, Scenario] => [
      `${name} when nothing else happens`,
      { steps: [...sent([name, name]), who] },
    ]),
  ),
  'STOP and CONT': { steps: [...sent(['SIGSTOP']), who, atOnce('SIGCONT'), ...reload()] },
  'a HUP while stopped': { steps: [...sent(['SIGSTOP', 'SIGHUP']), atOnce('SIGCONT'), ended(1)] },
  'a TERM while stopped': {
    steps: [...sent(['SIGSTOP', 'SIGTERM']), atOnce('SIGCONT'), wait('exiting')],
    end: 'itself',
  },
  'INT and TERM together are an INT': {
    steps: [...sent(['SIGSTOP', 'SIGINT', 'SIGTERM']), atOnce('SIGCONT'), wait('exiting')],
    end: 'itself',
  },
  'the caller ignores HUP, as nohup does': { under: ['sh', '-c', `trap '' HUP; exec "$@"`, 'sh'], steps: reload() },
  'the caller ignores all signals': {
    under: ['sh', '-c', `trap '' HUP INT TERM CHLD ALRM; exec "$@"`, 'sh'],
    steps: [...reload(), kill(2), started(3)],
  },
  'the caller blocks HUP': {
    under: ['perl', '-MPOSIX', '-e', 'sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGHUP)); exec @ARGV'],
    steps: [started(1), signal('SIGHUP'), who],
  },
  'a reload of a plain program': { program: ['sleep', '100'], steps: reload(2, 15) },
  ...Object.fromEntries(
    onHup.map((value): [string, Scenario] => [
      `--signal-on-hup=${value}`,
      {
        options: ['--signal-on-hup', value],
        probe: quitting,
        steps: reload(2, value === 'KILL' || value === '9' ? 9 : 0),
      },
    ]),
  ),
  ...Object.fromEntries(
    onTerm.map((value): [string, Scenario] => [
      `--signal-on-term=${value}`,
      { options: ['--signal-on-term', value], probe: quitting, steps: reload() },
    ]),
  ),
  '--signal-on-hup=SIGSIGUSR1': { options: ['--signal-on-hup=SIGSIGUSR1'], probe: quitting, steps: reload() },
});
