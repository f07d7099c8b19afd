/** The text of `--help`, made from the tables. */
import { exitCodes } from '../text/exit-codes.js';
import { optionTable, type OptionRow } from './option-table.js';

/** What a running superdaemon does when it is sent a signal, in the order in which an operator needs them. */
export const signalTable = [
  { name: 'HUP', prose: 'start a new worker; once it has started well, send the old ones --signal-on-hup' },
  { name: 'TERM', prose: 'send all workers --signal-on-term, wait for them, end' },
  { name: 'INT, QUIT', prose: 'send all workers TERM, wait for them, end' },
  { name: 'USR1', prose: 'open the log file again, for log rotation' },
  { name: 'USR2', prose: 'become the start_server that is installed now, with the same sockets and workers (Linux)' },
] as const;

const examples = [
  { prose: 'serve TCP port 8080', line: 'start_server --port=8080 -- plackup -s Starlet app.psgi' },
  {
    prose: 'behind a proxy, in the background',
    line:
      'start_server --path=app.sock --log-file=app.log --pid-file=app.pid \\\n' +
      '    --status-file=app.status --daemonize -- ./app --verbose',
  },
  { prose: 'put a new version in place', line: 'start_server --restart --pid-file=app.pid --status-file=app.status' },
];

const width = 80;
const column = 28;

/** At most 80 columns of ASCII, with a newline at the end. */
export function helpText(): string {
  const options = optionGroups().map(({ group, rows }) => [`${group}:`, ...rows.map(optionEntry)]);
  const blocks = [
    [
      'Usage: start_server [options] -- PROGRAM [ARGUMENT ...]',
      '       start_server --restart --pid-file=FILE --status-file=FILE',
      '       start_server --stop --pid-file=FILE',
      '       start_server --show-status --control=PATH',
      '       start_server --reconfigure --control=PATH [options] -- PROGRAM ...',
    ],
    wrap(
      'Opens sockets, runs PROGRAM with them, and replaces the running program by a new one without closing them.',
      0,
    ),
    ...options,
    ['The program:', ...wrap(contract, 2)],
    ['Signals:', ...signalTable.map(({ name, prose }) => entry(name, prose))],
    ['Exit codes:', ...Object.values(exitCodes).map(({ label, prose }) => entry(label, prose))],
    ['Examples:', ...examples.map(({ prose, line }) => `  # ${prose}\n  ${line}`)],
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const contract =
  'finds its sockets in SERVER_STARTER_PORT as 8080=3;app.sock=4 (name=descriptor), ' +
  'accepts on them, and on TERM finishes its requests and exits.';

/** The rows under the headings of their groups, in the order of the table; `table` is for tests. */
export function optionGroups(table: readonly OptionRow[] = optionTable): { group: string; rows: OptionRow[] }[] {
  const groups = [...new Set(table.map((row) => row.group))];
  return groups.map((group) => ({ group, rows: table.filter((row) => row.group === group) }));
}

function optionEntry(row: OptionRow): string {
  const name = row.placeholder === undefined ? `--${row.name}` : `--${row.name}=${row.placeholder}`;
  return entry(name, optionProse(row));
}

/** The prose with what the table knows besides: the default, and the variable that says the same. */
export function optionProse({ prose, default: preset, variable }: OptionRow): string {
  const notes = [
    ...(preset === undefined ? [] : [`default: ${preset}`]),
    ...(variable === undefined ? [] : [`variable: ${variable}`]),
  ];
  return notes.length === 0 ? prose : `${prose} (${notes.join('; ')})`;
}

/** A name and its prose in two columns; a long name has a line of its own. */
function entry(name: string, prose: string): string {
  const lines = wrap(prose, column);
  const first = `  ${name}`;
  if (first.length + 2 > column) return [first, ...lines].join('\n');
  return [first.padEnd(column) + (lines[0] ?? '').trimStart(), ...lines.slice(1)].join('\n');
}

function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each) => ' '.repeat(indent) + each);
}
