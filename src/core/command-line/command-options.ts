/** The rows of the option table that ask for something else than to run a server. */
import type { OptionRow } from './option-row.js';

export const commandRows = [
  {
    name: 'restart',
    kind: 'flag',
    group: 'Commands',
    commandOnly: true,
    prose:
      'restart the running start_server and wait for its new worker; needs --control, or --pid-file and --status-file',
  },
  {
    name: 'stop',
    kind: 'flag',
    group: 'Commands',
    commandOnly: true,
    prose: 'stop the running start_server and wait for its end; needs --control or --pid-file',
  },
  {
    name: 'force',
    kind: 'flag',
    group: 'Commands',
    commandOnly: true,
    prose: 'have --stop kill the workers that are left when --timeout is over, or at once without it',
    full: true,
    usedBy: ['stop'],
  },
  {
    name: 'reconfigure',
    kind: 'flag',
    group: 'Commands',
    commandOnly: true,
    prose:
      'have the running start_server take this whole command line for its own, keep the sockets that both have, and ' +
      'wait for its new worker; needs --control',
    full: true,
    usedBy: ['reconfigure'],
  },
  {
    name: 'cancel',
    kind: 'flag',
    group: 'Commands',
    commandOnly: true,
    prose:
      'give up the restart that is under way, or another command line that is tried: the new worker has to end, the old ' +
      'one serves on; needs --control',
    full: true,
    usedBy: ['cancel'],
  },
  {
    name: 'check',
    kind: 'flag',
    group: 'Commands',
    commandOnly: true,
    prose:
      'start nothing, and tell all that would be in the way of it, with the exit code that it would have; with ' +
      '--reconfigure, print what would change, too',
    full: true,
    usedBy: ['start', 'reconfigure'],
  },
  {
    name: 'show-status',
    kind: 'flag',
    group: 'Commands',
    commandOnly: true,
    prose: 'print generation, process id, state and age of the workers, the sockets, and the last failure',
    full: true,
    usedBy: ['show status'],
  },
  {
    name: 'follow',
    kind: 'flag',
    group: 'Commands',
    commandOnly: true,
    prose:
      'print what happens to workers as it happens, with the time, until the running start_server ends; needs --control',
    full: true,
    usedBy: ['follow'],
  },
  {
    name: 'json',
    kind: 'flag',
    group: 'Commands',
    commandOnly: true,
    prose: 'have --show-status and --follow print a line of JSON, for programs',
    full: true,
    usedBy: ['show status', 'follow'],
  },
  {
    name: 'prometheus',
    kind: 'flag',
    group: 'Commands',
    commandOnly: true,
    prose: "have --show-status print counters and state in Prometheus' text format",
    full: true,
    usedBy: ['show status'],
  },
  {
    name: 'upgrade',
    kind: 'flag',
    group: 'Commands',
    commandOnly: true,
    prose:
      'have the running start_server become the one that is installed now, with its sockets and workers, and wait for it; needs --control',
    full: true,
    usedBy: ['upgrade'],
  },
  {
    name: 'timeout',
    kind: 'integer',
    placeholder: 'SECONDS',
    lowest: 1,
    group: 'Commands',
    commandOnly: true,
    prose: 'the longest time for which --restart, --stop, --reconfigure, --cancel, --show-status and --upgrade wait',
    full: true,
    usedBy: ['restart', 'stop', 'show status', 'reconfigure', 'upgrade', 'cancel'],
  },
  {
    name: 'quiet',
    kind: 'flag',
    group: 'Commands',
    commandOnly: true,
    prose: 'do not show at a terminal what --restart, --stop, --reconfigure, --cancel and --upgrade wait for',
    full: true,
    usedBy: ['restart', 'stop', 'reconfigure', 'upgrade', 'cancel'],
  },
  {
    name: 'help',
    kind: 'flag',
    group: 'Commands',
    commandOnly: true,
    prose: 'print a summary of options, signals and exit codes',
  },
  { name: 'version', kind: 'flag', group: 'Commands', commandOnly: true, prose: 'print the version' },
] as const satisfies readonly OptionRow[];
