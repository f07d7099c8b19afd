import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiled } from '../place/compile.js';
import { script } from '../processes/native.js';

/** A program that does to a notify socket what no library does; its source says what. */
export function notifyAttack(): string {
  return compiled('notify_attack', ['notify_attack.c']);
}

/**
 * The file `worker` in a directory, a worker in sh, and its command line. There `$attack` is the program above, `say` tells
 * by the descriptor that the worker is ready, and `wait_for FILE` waits for a file.
 */
export function attackingWorker(directory: string, lines: string): string[] {
  const helpers = `attack='${notifyAttack()}'
say() { eval "echo READY=1 >&$SERVER_STARTER_READY_FD"; }
wait_for() { until [ -e "$1" ]; do sleep 0.02; done; }
generation=$SERVER_STARTER_GENERATION
`;
  script(join(directory, 'worker'), `#!/bin/sh\n${helpers}${lines}\n`);
  return ['--', './worker'];
}

/** What a worker of the above waits for. */
export function allow(directory: string, file: string): void {
  writeFileSync(join(directory, file), '');
}
