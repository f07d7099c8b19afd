/** What the command itself makes of its words; all of the grammar is in test/core/option-parser.test.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { helpText } from '../../src/core/command-line/help.js';
import { failing } from '../helpers/running/first-worker.js';
import { probe } from '../helpers/processes/probe.js';

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  version: string;
};

t.test('--help and --version go to stdout, alone', async (t) => {
  const table: readonly (readonly [options: string, stdout: string])[] = [
    ['--help', helpText()],
    ['-h', helpText()],
    ['--version --help --stop --restart', helpText()],
    ['--help --port=abc --daemonize program', helpText()],
    ['--version', `${version}\n`],
    ['--v', `${version}\n`],
    ['--version --restart --signal-on-hup=BOGUS program', `${version}\n`],
  ];
  for (const [options, stdout] of table) {
    t.same(await failing(t, options.split(' ')), { code: 0, stdout, stderr: '' }, options);
  }
});

/** Words, as one string; the lines on stderr. Nothing is started, and the exit code is 1. */
const mistakes: readonly (readonly [options: string, ...lines: readonly string[]])[] = [
  ['-i0 -- P', 'Unknown option: i0; start_server --help lists the options'],
  ['--sig=X -- P', 'Option sig is ambiguous (signal-on-hup, signal-on-term); type more of the one you mean'],
  ['--st=x -- P', 'Option st is ambiguous (status-file, stop); type more of the one you mean'],
  ['--p=1 -- P', 'Option p is ambiguous (path, pid-file, port); type more of the one you mean'],
  ['--d=/ -- P', 'Option d is ambiguous (daemonize, dir); type more of the one you mean'],
  ['--en -- P', 'Option en is ambiguous (enable-auto-restart, envdir); type more of the one you mean'],
  [
    '--signal_on_hup=X -- P',
    'Unknown option: signal_on_hup; did you mean --signal-on-hup? start_server --help lists the options',
  ],
  ['--unknown=5 -- P', 'Unknown option: unknown; start_server --help lists the options'],
  ['--=5 -- P', 'Unknown option: =5; start_server --help lists the options'],
  ['--no-daemonize -- P', 'Unknown option: no-daemonize; start_server --help lists the options'],
  ['--daemonize=1 -- P', 'Option daemonize does not take an argument; write --daemonize alone'],
  ['--interval', 'Option interval requires an argument; write it as --interval=VALUE'],
  ['--log-file= -- P', 'Option log-file requires an argument; write it as --log-file=VALUE'],
  [
    '--interval -- P',
    'Value "--" invalid for option interval (number expected); give a whole number, as in --interval=5',
  ],
  [
    '--interval=1.5 -- P',
    'Value "1.5" invalid for option interval (number expected); give a whole number, as in --interval=5',
  ],
  [
    '--backlog=0x10 -- P',
    'Value "0x10" invalid for option backlog (number expected); give a whole number, as in --backlog=5',
  ],
  ['--help --foo', 'Unknown option: foo; start_server --help lists the options'],
  [
    '--foo --interval=abc --bar --port -- P',
    'Unknown option: foo; start_server --help lists the options',
    'Value "abc" invalid for option interval (number expected); give a whole number, as in --interval=5',
    'Unknown option: bar; start_server --help lists the options',
  ],
  ['--interval=-1 -- P', '--interval: "-1" is too low; give a number from 0 up'],
  [
    '--signal-on-hup=BOGUS -- P',
    '--signal-on-hup: unknown signal "BOGUS"; give a name such as TERM or USR1, or a number from 1 to 64',
  ],
  [
    '--signal-on-term=99 -- P',
    '--signal-on-term: unknown signal "99"; give a name such as TERM or USR1, or a number from 1 to 64',
  ],
];
t.test('mistakes end the command with code 1 before anything is done', async (t) => {
  for (const [options, ...lines] of mistakes) {
    const expected = { code: 1, stdout: '', stderr: `${lines.join('\n')}\n` };
    t.same(await failing(t, options.split(' ')), expected, options);
  }
});

t.test('of signals only those the system has are taken', async (t) => {
  const values = ['ZERO', '-10', '-USR1', ' USR1', 'USR1 ', 'RTMIN+1', '65', 'SIG', 'TERM\n', '\xff'];
  for (const [index, value] of values.entries()) {
    const option = index % 2 === 0 ? '--signal-on-hup' : '--signal-on-term';
    const { code, stderr } = await failing(t, [option, value, '--', probe()]);
    t.equal(code, 1, `${option} ${JSON.stringify(value)}`);
    t.match(stderr, new RegExp(`^${option}: unknown signal ".*"; give a name .*\n$`));
  }
});

t.test('an option of the program gets a line more, which explains how to give it', async (t) => {
  const { code, stderr } = await failing(t, ['plackup', '-s', 'Starlet', '--interval=0', '-x']);
  t.equal(code, 1);
  t.same(stderr.split('\n'), [
    'Option s is ambiguous (signal-on-hup, signal-on-term, status-file, stop); type more of the one you mean',
    'Unknown option: x; start_server --help lists the options',
    'if "-s" is meant for the program, put -- before the program: start_server [options] -- plackup ...',
    '',
  ]);
});

const useless: readonly (readonly [options: string, line: string])[] = [
  ['--', 'server program not specified; give it after --, as in start_server [options] -- ./app'],
  ['--interval=0', 'server program not specified; give it after --, as in start_server [options] -- ./app'],
  ['--port=abc --', 'server program not specified; give it after --, as in start_server [options] -- ./app'],
  ['--daemonize -- P', 'Usage: --log-file option must be specified together with --deamonize'],
  ['--daemonize --pid-file=x -- P', 'Usage: --log-file option must be specified together with --deamonize'],
  ['--restart', '--restart option requires --pid-file and --status-file to be set as well'],
  ['--restart --pid-file=x -- P', '--restart option requires --pid-file and --status-file to be set as well'],
  ['--stop --status-file=x', '--stop option requires --pid-file to be set as well'],
];
t.test('what lacks something ends with 255', async (t) => {
  t.same(await failing(t, []), {
    code: 255,
    stdout: '',
    stderr: 'server program not specified; give it after --, as in start_server [options] -- ./app\n',
  });
  for (const [options, line] of useless) {
    t.same(await failing(t, options.split(' ')), { code: 255, stdout: '', stderr: `${line}\n` }, options);
  }
});
