/** The rows of the option table that say when a worker has started well, and how long things may take. */
import type { OptionRow } from './option-row.js';

export const limitRows = [
  {
    name: 'ready',
    kind: 'text',
    placeholder: 'HOW',
    words: ['interval', 'notify', 'fd'],
    default: 'interval',
    group: 'Readiness and limits',
    prose:
      'when a new worker has started well: once it has lived for the interval; at READY=1 to NOTIFY_SOCKET (notify); ' +
      'or at a line on the descriptor in SERVER_STARTER_READY_FD (fd)',
    full: true,
    usedBy: ['start'],
  },
  {
    name: 'start-timeout',
    kind: 'integer',
    placeholder: 'SECONDS',
    lowest: 0,
    default: 'none',
    group: 'Readiness and limits',
    prose: 'a worker that does not say that it is ready within this time is ended, and has failed to start',
    full: true,
    usedBy: ['start'],
  },
  {
    name: 'stop-timeout',
    kind: 'integer',
    placeholder: 'SECONDS',
    lowest: 0,
    default: 'none',
    group: 'Readiness and limits',
    prose: 'a worker that has not ended this long after it was told to is killed',
    full: true,
    usedBy: ['start'],
  },
  {
    name: 'process-group',
    kind: 'flag',
    group: 'Readiness and limits',
    prose:
      'give each worker a process group of its own: KILL reaches all its processes, and those that it leaves behind when it ends',
    full: true,
    usedBy: ['start'],
  },
  {
    name: 'kill-orphans',
    kind: 'flag',
    group: 'Readiness and limits',
    prose: 'have the system kill the workers when start_server itself is killed (Linux); otherwise they serve on',
    full: true,
    usedBy: ['start'],
  },
  {
    name: 'max-failures',
    kind: 'integer',
    placeholder: 'N',
    lowest: 1,
    default: 'none',
    group: 'Readiness and limits',
    prose: 'give up a restart after N failed starts in a row; if no worker is left that serves, end',
    full: true,
    usedBy: ['start'],
  },
  {
    name: 'max-pause',
    kind: 'integer',
    placeholder: 'SECONDS',
    lowest: 0,
    default: 'none',
    group: 'Readiness and limits',
    prose: 'let the pause between failed starts double each time, up to this; otherwise it is the interval',
    full: true,
    usedBy: ['start'],
  },
] as const satisfies readonly OptionRow[];
