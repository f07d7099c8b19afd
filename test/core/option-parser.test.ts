import t from 'tap';
import { parseOptions } from '../../src/core/command-line/option-parser.js';
import type { OptionRow } from '../../src/core/command-line/option-table.js';

const read = (...argv: string[]) => parseOptions(argv, { posixlyCorrect: false });
const readPosix = (...argv: string[]) => parseOptions(argv, { posixlyCorrect: true });
const none = { port: [], path: [] };

t.test('an option can be written in many ways', (t) => {
  const ways = [
    '--interval=0',
    '-interval=0',
    '+interval=0',
    '--INTERVAL=0',
    '--Interval=0',
    '--int=0',
    '--i=0',
    '-i=0',
  ];
  for (const way of ways) t.same(read(way, '--', 'P').options, { ...none, interval: { text: '0', number: 0 } }, way);
  for (const way of ['--interval', '-interval', '-i']) t.same(read(way, '0', 'P').options.interval?.text, '0', way);
  t.end();
});

t.test('the shortest abbreviations', (t) => {
  // prettier-ignore
  const shortest: Readonly<Record<string, string>> = {
    po: 'port', pa: 'path', pi: 'pidFile', l: 'logFile', di: 'dir', 'signal-on-h': 'signalOnHup',
    'signal-on-t': 'signalOnTerm', env: 'envdir', sta: 'statusFile', i: 'interval', b: 'backlog',
    a: 'autoRestartInterval', k: 'killOldDelay', da: 'daemonize', ena: 'enableAutoRestart', sto: 'stop',
    r: 'restart', h: 'help', v: 'version',
  };
  for (const [typed, key] of Object.entries(shortest)) {
    const isFlag = /^(da|ena|sto|r|h|v)$/.test(typed);
    const { options, errors } = read(isFlag ? `--${typed}` : `--${typed}=1`);
    t.same(errors, []);
    t.hasProp(options, key, typed);
  }
  t.end();
});

const refused: readonly (readonly [readonly string[], string])[] = [
  [['-i0'], 'Unknown option: i0; start_server --help lists the options'],
  [['--sig=X'], 'Option sig is ambiguous (signal-on-hup, signal-on-term); type more of the one you mean'],
  [['--SIGNAL-on=X'], 'Option signal-on is ambiguous (signal-on-hup, signal-on-term); type more of the one you mean'],
  [['--st=x'], 'Option st is ambiguous (status-file, stop); type more of the one you mean'],
  [['--p=1'], 'Option p is ambiguous (path, pid-file, port); type more of the one you mean'],
  [['--d=/'], 'Option d is ambiguous (daemonize, dir); type more of the one you mean'],
  [['--e=x'], 'Option e is ambiguous (enable-auto-restart, envdir); type more of the one you mean'],
  [
    ['--signal_on_hup=X'],
    'Unknown option: signal_on_hup; did you mean --signal-on-hup? start_server --help lists the options',
  ],
  [['--Unknown=5'], 'Unknown option: unknown; start_server --help lists the options'],
  [['-x'], 'Unknown option: x; start_server --help lists the options'],
  [['--=5'], 'Unknown option: =5; start_server --help lists the options'],
  [['-=5'], 'Unknown option: =5; start_server --help lists the options'],
  [['---port=5'], 'Unknown option: -port; start_server --help lists the options'],
  [['+'], 'Missing option after +; start_server --help lists the options'],
  [['--no-daemonize'], 'Unknown option: no-daemonize; start_server --help lists the options'],
  [['--nodaemonize'], 'Unknown option: nodaemonize; start_server --help lists the options'],
  [['--\xc9'], 'Unknown option: \xc9; start_server --help lists the options'],
  [['--daemonize=1'], 'Option daemonize does not take an argument; write --daemonize alone'],
  [['--da='], 'Option daemonize does not take an argument; write --daemonize alone'],
  [['--interval'], 'Option interval requires an argument; write it as --interval=VALUE'],
  [['--po'], 'Option port requires an argument; write it as --port=VALUE'],
  [['--log-file='], 'Option log-file requires an argument; write it as --log-file=VALUE'],
  [
    ['--interval', ''],
    'Value "" invalid for option interval (number expected); give a whole number, as in --interval=5',
  ],
  [
    ['--interval', '--', 'P'],
    'Value "--" invalid for option interval (number expected); give a whole number, as in --interval=5',
  ],
  ...['1.5', 'abc', '0x10', ' 5', '5 ', '1e3', '\xbd', '\xef\xbc\x91', '+', '-', '+-1', '_', '5\n\n'].map((value) => {
    return [
      ['--backlog', value],
      `Value "${value}" invalid for option backlog (number expected); give a whole number, as in --backlog=5`,
    ] as const;
  }),
];
t.test('mistakes are told in the words of the original', (t) => {
  for (const [argv, error] of refused) t.same(read(...argv).errors, [error], JSON.stringify(argv));
  const several = read('--foo', '--interval=abc', '--bar', '--port', '--');
  t.same(several.errors, [
    'Unknown option: foo; start_server --help lists the options',
    'Value "abc" invalid for option interval (number expected); give a whole number, as in --interval=5',
    'Unknown option: bar; start_server --help lists the options',
  ]);
  t.same(several.options.port, ['--'], 'a text option takes the next word, whatever it is');
  t.end();
});

t.test('--status is --status-file, which a newcomer does not know', (t) => {
  const { swallowed, errors } = read('--status', '--control=c');
  t.same(swallowed, { typed: '--status', option: '--status-file', value: '--control=c', meant: '--show-status' });
  t.same(errors, []);
  t.same(read('--status').errors, [
    'Option status-file requires an argument; write it as --status-file=VALUE, or did you mean --show-status?',
  ]);
  t.same(read('--stat', '--stop').swallowed?.meant, undefined);
  for (const words of [['--status=--x'], ['--status', '-x'], ['--status', '--', 'P'], ['--stop', '--restart']])
    t.equal(read(...words).swallowed, undefined, words.join(' '));
  t.end();
});

t.test('odd values', (t) => {
  t.same(read('--port', '').options.port, ['']);
  t.same(read('--pid-file', '--status-file', 'x', 'P'), {
    options: { ...none, pidFile: '--status-file' },
    program: ['x', 'P'],
    errors: [],
    swallowed: { typed: '--pid-file', option: '--pid-file', value: '--status-file', meant: undefined },
  });
  t.same(read('--dir', '-x', '--path', '+x', '--signal-on-hup', '-TERM').options, {
    port: [],
    path: ['+x'],
    dir: '-x',
    signalOnHup: '-TERM',
  });
  t.same(read('--log-file==a=b').options.logFile, '=a=b');
  t.same(read('--dir=a', '--dir=b', '--port=2', '--path=p', '--port=1').options, {
    port: ['2', '1'],
    path: ['p'],
    dir: 'b',
  });
  t.end();
});

const integers: readonly (readonly [string, string, number])[] = [
  ['-1', '-1', -1],
  ['+1', '1', 1],
  ['1_000', '1000', 1000],
  ['1__0', '10', 10],
  ['_1', '1', 1],
  ['1_', '1', 1],
  ['+1_0', '10', 10],
  ['007', '7', 7],
  ['-0', '0', 0],
  ['5\n', '5', 5],
  ['99999999999999999999', '1e+20', 1e20],
  ['9'.repeat(400), 'Inf', Infinity],
];
t.test('integers', (t) => {
  for (const [typed, text, number] of integers) {
    t.same(read('--kill-old-delay', typed).options.killOldDelay, { text, number }, typed);
  }
  t.end();
});

const words: readonly (readonly [readonly string[], readonly string[]])[] = [
  [
    ['P', '--interval', '0', 'a', 'b'],
    ['P', 'a', 'b'],
  ],
  [
    ['--interval=0', 'P', '--', '-o', '-', '--help'],
    ['P', '-o', '-', '--help'],
  ],
  [
    ['P', 'a', '--', '-M', 'x', '--', 'c'],
    ['P', 'a', '-M', 'x', '--', 'c'],
  ],
  [
    ['--', 'P', '-M', 'x', '--', '--help', '--', 'y'],
    ['P', '-M', 'x', '--', '--help', '--', 'y'],
  ],
  [
    ['--', '--', 'P'],
    ['--', 'P'],
  ],
  [
    ['-', '', 'a b', '\xff'],
    ['-', '', 'a b', '\xff'],
  ],
  [[], []],
  [['--'], []],
];
t.test('the words of the program', (t) => {
  for (const [argv, program] of words) t.same(read(...argv).program, program, JSON.stringify(argv));
  t.end();
});

t.test('a program may have very many words', (t) => {
  t.equal(
    parseOptions(['--', ...Array.from({ length: 500_000 }, () => 'x')], { posixlyCorrect: false }).program.length,
    500_000,
  );
  t.end();
});

t.test('POSIXLY_CORRECT', (t) => {
  t.same(readPosix('P', '--interval=0', '-o', '--', '-'), {
    options: none,
    program: ['P', '--interval=0', '-o', '--', '-'],
    errors: [],
  });
  t.same(readPosix('--INTERVAL=0', '-dir', '/', '+stop', '--stop'), {
    options: { ...none, interval: { text: '0', number: 0 }, dir: '/' },
    program: ['+stop', '--stop'],
    errors: [],
  });
  t.same(readPosix('--Int=0', '-dir=/').errors, [
    'Unknown option: Int; start_server --help lists the options',
    'Unknown option: dir=/; start_server --help lists the options',
  ]);
  t.end();
});

t.test('a hint at -- follows when a word behind the program is refused', (t) => {
  const hint = (word: string, program: string) =>
    `if ${word} is meant for the program, put -- before the program: start_server [options] -- ${program} ...`;
  t.same(
    read('P', '-o', '-', '-x').errors,
    [
      'Unknown option: o; start_server --help lists the options',
      'Unknown option: x; start_server --help lists the options',
      hint('"-o"', 'P'),
    ],
    'once, at the end',
  );
  t.same(read('my app', '-p', '80').errors, [
    'Option p is ambiguous (path, pid-file, port); type more of the one you mean',
    hint('"-p"', '"my app"'),
  ]);
  t.same(read('expr', '1', '+', '2').errors, [
    'Missing option after +; start_server --help lists the options',
    hint('"+"', 'expr'),
  ]);
  t.same(
    read('-o', 'P').errors,
    ['Unknown option: o; start_server --help lists the options'],
    'not before the program',
  );
  t.same(read('P', '--interval=x').errors.length, 1, 'not for a value');
  t.end();
});

t.test('an option that must be typed in full leaves abbreviations as they were', (t) => {
  const row = (name: string, full?: true): OptionRow => ({
    name,
    kind: 'flag',
    group: 'Commands',
    prose: '',
    ...(full && { full }),
  });
  const table = [row('stop'), row('status-file'), row('stop-timeout', true), row('ready', true)];
  const named = (word: string) => {
    const { options, errors } = parseOptions([word], { posixlyCorrect: false, table });
    return [...Object.keys(options), ...errors].join();
  };
  t.equal(named('--sto'), 'stop');
  t.equal(named('--s'), 'Option s is ambiguous (status-file, stop); type more of the one you mean');
  t.equal(named('--Stop-Timeout'), 'stopTimeout');
  t.equal(
    named('--stop-time'),
    'Unknown option: stop-time; did you mean --stop-timeout? start_server --help lists the options',
  );
  t.equal(named('--re'), 'Unknown option: re; start_server --help lists the options');
  t.end();
});
