import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { workspace } from '../place/workspace.js';

/** The words before the path of the command's script; none where its own `#!` line chooses the shell. */
export type Shell = readonly string[];

/** Calls `act` in a subtest for every shell that /bin/sh is on some system and that is installed here. */
export function underEveryShell(t: Test, act: (t: Test, shell: Shell, name: string) => void | Promise<void>): void {
  const shells: Readonly<Record<string, Shell>> = {
    '/bin/sh': [],
    dash: ['dash'],
    'busybox sh': ['busybox', 'sh'],
    bash: ['bash'],
    'bash called sh': [bashAsSh(t)],
  };
  for (const [name, shell] of Object.entries(shells)) {
    const skip = !works(shell) && `${name} is not installed`;
    t.test(`under ${name}`, { skip }, async (t) => act(t, shell, name));
  }
}

/** Words before the command that have bash do something first; in bash redirections may use numbers beyond 9. */
export function after(preparation: string, shell: Shell = []): readonly string[] {
  return ['bash', '-c', `${preparation}; exec "$@"`, 'bash', ...shell];
}

/** bash under the name sh, as on Fedora and macOS: it behaves differently then. */
function bashAsSh(t: Test): string {
  const directory = join(workspace(t), 'bin');
  mkdirSync(directory);
  const bash = spawnSync('sh', ['-c', 'command -v bash'], { encoding: 'utf8' }).stdout.trim();
  symlinkSync(bash === '' ? '/none' : bash, join(directory, 'sh'));
  return join(directory, 'sh');
}

function works([file, ...words]: Shell): boolean {
  return file === undefined || spawnSync(file, [...words, '-c', ':']).status === 0;
}
