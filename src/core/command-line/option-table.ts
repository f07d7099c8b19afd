/**
 * Every option of `start_server`, once: the parser, `--help`, the man page, the README and the shell completions are
 * made from this table.
 */
import { commandRows } from './command-options.js';
import { limitRows } from './limit-options.js';
import { managerRows } from './manager-options.js';
import type { OptionRow } from './option-row.js';
import { takeOverRows } from './take-over-options.js';

/** What holds where nobody gave a value. Seconds are text, since the log and the workers' environment repeat it. */
export const defaults = {
  interval: '1',
  killOldDelay: '0',
  killOldDelayWithAutoRestart: '5',
  autoRestartInterval: '360',
  signal: 'TERM',
} as const;

export type { Completion, OptionGroup, OptionKind, OptionRow } from './option-row.js';

export const optionTable = [
  {
    name: 'port',
    kind: 'texts',
    orNumber: true,
    placeholder: 'PORT',
    group: 'Sockets',
    prose:
      'listen on a TCP port: PORT (all IPv4 addresses), HOST:PORT or [IPV6]:PORT; u before the number makes it UDP, ' +
      '=N after it gives the program the socket as descriptor N; may be repeated',
  },
  {
    name: 'path',
    kind: 'texts',
    placeholder: 'PATH',
    completion: 'file',
    group: 'Sockets',
    prose:
      'listen on a unix socket at PATH, open to every user; =N after it gives the program the socket as descriptor N; may be repeated',
  },
  {
    name: 'path-mode',
    kind: 'text',
    placeholder: 'MODE',
    default: '0777',
    group: 'Sockets',
    prose: 'the permissions of each --path in octal, such as 0660, in force before anybody can connect',
    full: true,
    usedBy: ['start'],
  },
  {
    name: 'path-owner',
    kind: 'text',
    placeholder: 'OWNER',
    default: 'this user',
    group: 'Sockets',
    prose: 'who owns each --path, USER, USER:GROUP or :GROUP, by names or numbers, before anybody can connect',
    full: true,
    usedBy: ['start'],
  },
  {
    name: 'backlog',
    kind: 'integer',
    placeholder: 'N',
    default: 'SOMAXCONN of the system',
    group: 'Sockets',
    prose: 'how many connections may wait to be accepted',
  },
  ...takeOverRows,
  {
    name: 'interval',
    kind: 'integer',
    placeholder: 'SECONDS',
    lowest: 0,
    default: defaults.interval,
    group: 'Workers and restarts',
    prose: 'a new worker that lives this long has started well; one that dies sooner is replaced, once an interval',
  },
  {
    name: 'dir',
    kind: 'text',
    placeholder: 'DIR',
    completion: 'directory',
    group: 'Workers and restarts',
    prose: 'run the program in this directory',
  },
  {
    name: 'envdir',
    kind: 'text',
    placeholder: 'DIR',
    completion: 'directory',
    group: 'Workers and restarts',
    prose: 'take variables from the files in this directory (name and first line), anew for every worker',
    variable: 'ENVDIR',
  },
  {
    name: 'signal-on-hup',
    kind: 'text',
    placeholder: 'SIGNAL',
    completion: 'signal',
    default: defaults.signal,
    group: 'Workers and restarts',
    prose: 'the signal that tells old workers to end after a restart; see --signal-on-term, too',
  },
  {
    name: 'signal-on-term',
    kind: 'text',
    placeholder: 'SIGNAL',
    completion: 'signal',
    default: defaults.signal,
    group: 'Workers and restarts',
    prose: 'the signal that tells all workers to end when start_server gets TERM',
  },
  {
    name: 'kill-old-delay',
    kind: 'integer',
    placeholder: 'SECONDS',
    default: `${defaults.killOldDelay}, with auto restart ${defaults.killOldDelayWithAutoRestart}`,
    group: 'Workers and restarts',
    prose: 'how long old workers go on after the new one has started well',
    variable: 'KILL_OLD_DELAY',
  },
  {
    name: 'enable-auto-restart',
    kind: 'flag',
    group: 'Workers and restarts',
    prose: 'restart by itself whenever the worker is as old as --auto-restart-interval says',
    variable: 'ENABLE_AUTO_RESTART',
  },
  {
    name: 'auto-restart-interval',
    kind: 'integer',
    placeholder: 'SECONDS',
    default: defaults.autoRestartInterval,
    group: 'Workers and restarts',
    prose: 'the age at which auto restart replaces a worker',
    variable: 'AUTO_RESTART_INTERVAL',
  },
  ...limitRows,
  {
    name: 'log-file',
    kind: 'text',
    placeholder: 'FILE',
    completion: 'file',
    group: 'Logs and files',
    prose: 'append all output to FILE; "| COMMAND" sends it to the standard input of a command',
  },
  {
    name: 'log-time',
    kind: 'flag',
    group: 'Logs and files',
    prose: 'begin each line of start_server in the log with local time and offset; the output of workers is theirs',
    full: true,
    usedBy: ['start'],
  },
  {
    name: 'pid-file',
    kind: 'text',
    placeholder: 'FILE',
    completion: 'file',
    group: 'Logs and files',
    prose: 'write the process id of start_server to FILE and keep it locked',
  },
  {
    name: 'status-file',
    kind: 'text',
    placeholder: 'FILE',
    completion: 'file',
    group: 'Logs and files',
    prose: 'keep generation and process id of every worker in FILE',
  },
  {
    name: 'control',
    kind: 'text',
    placeholder: 'PATH',
    completion: 'file',
    group: 'Logs and files',
    prose:
      'take commands from this user and root on a unix socket at PATH; a command that is given the same PATH uses it',
    full: true,
    usedBy: ['start', 'restart', 'stop', 'show status', 'reconfigure', 'upgrade', 'follow', 'cancel'],
  },
  {
    name: 'daemonize',
    kind: 'flag',
    commandOnly: true,
    group: 'Logs and files',
    prose: 'run in the background; needs --log-file',
  },
  ...managerRows,
  ...commandRows,
] as const satisfies readonly OptionRow[];

/** A whole number: as Perl prints it, which is what logs and workers see, and its value. */
export interface Integer {
  readonly text: string;
  readonly number: number;
}

interface ValueOf {
  readonly text: string;
  readonly integer: Integer;
  readonly flag: true;
}

type Row = (typeof optionTable)[number];
type RepeatedRow = Extract<Row, { kind: 'texts' }>;
type SingleRow = Exclude<Row, RepeatedRow>;
type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** What a command line asked for: an option nobody gave is absent, a repeated one has all its values in order. */
export type Options = { readonly [R in RepeatedRow as CamelCase<R['name']>]: readonly string[] } & {
  readonly [R in SingleRow as CamelCase<R['name']>]?: ValueOf[R['kind']];
};

/** `kill-old-delay` -> `killOldDelay`, the key in `Options`. */
export function camelCase(name: string): string {
  return name.replace(/-[a-z]/g, (match) => match.slice(1).toUpperCase());
}
