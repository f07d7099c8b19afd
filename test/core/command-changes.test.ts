/** What another command line would change in a superdaemon that runs. */
import t from 'tap';
import {
  commandChanges,
  matchListeners,
  relativePaths,
  unchangeable,
} from '../../src/core/command-line/command-changes.js';
import { commandToChangeTo, type StartCommand } from '../../src/core/command-line/command.js';
import { parseOptions } from '../../src/core/command-line/option-parser.js';
import type { ListenerSpec } from '../../src/core/command-line/port-spec.js';

const system = { names: { SIGTERM: 15, SIGUSR1: 10 }, highest: 64, longestSocketPath: 108 };

function commandOf(line: string): StartCommand {
  const command = commandToChangeTo(parseOptions(line.split(' '), { posixlyCorrect: false }), system);
  if (!command.ok) throw new Error(command.error.message);
  return command.value;
}

function specsOf(line: string): readonly ListenerSpec[] {
  const { listeners } = commandOf(`${line} P`.trim());
  const [mistake] = listeners.mistakes;
  if (mistake !== undefined) throw new Error(mistake.message);
  return listeners.specs;
}

const sockets: readonly (readonly [open: string, wanted: string, kept: string, gone: string])[] = [
  ['--port=80', '--port=80', '80', ''],
  ['--port=80', '--port=81', '', '80'],
  ['--port=80', '--port=0.0.0.0:80', '0.0.0.0:80', ''],
  ['--port=80', '--port=127.0.0.1:80', '', '80'],
  ['--port=80', '--port=u80', '', '80'],
  ['--port=80', '--port=[::]:80', '', '80'],
  ['--port=[::1]:80', '--port=[0::1]:80', '[0::1]:80', ''],
  ['--port=80=9', '--port=80=8', '80', ''],
  ['--port=0', '--port=0', '0', ''],
  ['--port=0', '--port=5000', '5000', ''],
  ['--port=0', '--port=0 --port=0', '0', ''],
  ['--path=a', '--path=./a', './a', ''],
  ['--path=a', '--path=/srv//a', '/srv//a', ''],
  ['--path=a', '--path=/a', '', 'a'],
  ['--path=80', '--port=80', '', '80'],
  ['--port=1 --port=2 --path=a', '--path=a --port=2', '2 a', '1'],
];

t.test('sockets are the same by kind, address and port, or by path', (t) => {
  for (const [open, wanted, kept, gone] of sockets) {
    const held = specsOf(open).map((spec) => ({ spec, port: spec.kind === 'unix' ? 0 : spec.port || 5000 }));
    const match = matchListeners(held, specsOf(wanted), '/srv');
    const shared = match.wanted.filter((one) => one.held !== undefined).map(({ spec }) => spec.key);
    t.same([shared.join(' '), match.gone.map(({ spec }) => spec.key).join(' ')], [kept, gone], `${open} -> ${wanted}`);
  }
  t.end();
});

const fixed: readonly (readonly [before: string, after: string, lines: readonly string[]])[] = [
  ['--pid-file=p P', '--pid-file=/srv/p --interval=5 Q', []],
  ['--control=c --daemonize --log-file=l P', '--control=./c --log-file=m --daemonize P', []],
  ['P', '--log-file=l --status-file=s P', []],
  [
    '--pid-file=p P',
    '--pid-file=q P',
    [
      '--pid-file cannot change while start_server runs; give --pid-file=p as it was started with, or stop it and start it anew',
    ],
  ],
  [
    'P',
    '--pid-file=q P',
    ['--pid-file cannot change while start_server runs; leave --pid-file out, or stop it and start it anew'],
  ],
  [
    '--daemonize --log-file=l --control=c P',
    '--log-file=l --control=d P',
    [
      '--control cannot change while start_server runs; give --control=c as it was started with, or stop it and start it anew',
      '--daemonize cannot change while start_server runs; give --daemonize as it was started with, or stop it and start it anew',
    ],
  ],
  [
    '--log-file=l P',
    'P',
    [
      '--log-file cannot change while start_server runs; give --log-file=l as it was started with, or stop it and start it anew',
    ],
  ],
];

/** What cannot change, by the names of options; the rest of a line is as above. */
const named: readonly (readonly [before: string, after: string, options: string])[] = [
  ['--systemd --listen-fds=named P', '--hibernate=5 P', '--hibernate --systemd --listen-fds'],
  ['--take-over=42 --port=80 P', '--port=80 P', ''],
  ['--take-over=42 --port=80 P', '--take-over=42 --port=80 P', ''],
  ['--port=80 P', '--take-over=42 --port=80 P', '--take-over'],
  ['--path=s --path-mode=700 P', '--path=t --path-mode=777 --path-owner=0 P', ''],
  ['--path=s --path-mode=700 P', '--path=./s --path-mode=777 --path-owner=0 P', '--path-mode --path-owner'],
  ['--path=s --path-mode=0700 P', '--path=s --path-mode=700 P', ''],
];

t.test('what cannot change is told, each option by its name', (t) => {
  for (const [before, after, options] of named) {
    const lines = unchangeable(commandOf(before), commandOf(after), '/srv');
    t.equal(lines.map((line) => line.replace(/ cannot change .*/, '')).join(' '), options, `${before} -> ${after}`);
  }
  for (const [before, after, lines] of fixed) t.same(unchangeable(commandOf(before), commandOf(after), '/srv'), lines);
  t.end();
});

t.test('what depends on the directory is found', (t) => {
  const found = (line: string) => relativePaths(commandOf(line)).map(({ what, path }) => `${what} ${path}`);
  t.same(found('--path=/a --log-file=/l --envdir=/e --dir=/d app'), []);
  t.same(found('--path=a --path=/b --envdir=e --dir=d ./app'), ['--path a', '--dir d', '--envdir e']);
  t.same(found('--status-file=s --pid-file=p --control=c --log-file=l /app'), [
    '--log-file l',
    '--pid-file p',
    '--status-file s',
    '--control c',
  ]);
  t.same(found('bin/app'), ['the program bin/app']);
  t.same(found('--log-file=|logger app x/y'), []);
  t.end();
});

t.test('options and the program are compared as they were given', (t) => {
  const changes = (before: string, after: string) => commandChanges(commandOf(before), commandOf(after));
  t.same(changes('--port=80 --interval=1 P a', '--port=81 --int 1 P a'), []);
  t.same(changes('--interval=1 P', '--enable-auto-restart --interval=2 Q'), [
    { option: '--interval', before: ['1'], after: ['2'] },
    { option: '--enable-auto-restart', after: [] },
    { before: ['P'], after: ['Q'] },
  ]);
  t.same(changes('--process-group P', 'P'), [{ option: '--process-group', before: [] }]);
  t.end();
});
