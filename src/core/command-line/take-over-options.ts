/** The rows of the option table that say from whom the sockets are taken. */
import type { OptionRow } from './option-row.js';

export const takeOverRows = [
  {
    name: 'take-over',
    kind: 'text',
    placeholder: 'PROCESS',
    completion: 'file',
    group: 'Sockets',
    prose:
      'take these sockets over from a process that serves on them, given by its id or its pid file, and end it when the first ' +
      'worker has started well',
    full: true,
    usedBy: ['start'],
  },
  {
    name: 'take-over-signal',
    kind: 'text',
    placeholder: 'SIGNAL',
    completion: 'signal',
    default: 'TERM',
    group: 'Sockets',
    prose: 'the signal that tells that process to end',
    full: true,
    usedBy: ['start'],
  },
] as const satisfies readonly OptionRow[];
