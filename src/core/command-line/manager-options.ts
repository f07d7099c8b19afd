/** The rows of the option table for a start_server that a service manager has started. */
import type { OptionRow } from './option-row.js';

export const managerRows = [
  {
    name: 'systemd',
    kind: 'flag',
    group: 'Under systemd',
    prose:
      'tell systemd what happens, give it signs of life, take its sockets, and have it keep ours; ' +
      'without effect where systemd has not started this',
    full: true,
    commandOnly: true,
    usedBy: ['start'],
  },
  {
    name: 'listen-fds',
    kind: 'text',
    placeholder: 'WHICH',
    words: ['named', 'all'],
    default: 'none',
    group: 'Under systemd',
    prose:
      'give workers sockets as systemd does, too, by LISTEN_FDS: those of --port and --path (named), ' +
      'or beside them those of systemd that no option names (all)',
    full: true,
    usedBy: ['start'],
  },
] as const satisfies readonly OptionRow[];
