import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { procFile } from './proc-file.js';
import { startOf } from './processes.js';

/**
 * The pids of the children of a process that live, the oldest first. Not the holder that the launcher (bin/start_server) has
 * started: on a slow machine it is still there when the first worker is.
 */
export function childrenOf(pid: number): number[] {
  const lists = tasksOf(pid).flatMap((task) => procFile(pid, `task/${task}/children`).split(' '));
  const children = lists.filter((child) => child !== '').map(Number);
  return children.filter((child) => startOf(child) !== '' && !isHolder(child)).sort((a, b) => a - b);
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${String(pid)}/task`);
  } catch {
    return []; // it has ended
  }
}

/** It is a copy of the shell that runs the launcher. */
function isHolder(pid: number): boolean {
  const [shell = '', ...words] = procFile(pid, 'cmdline').split('\0', 3);
  return /sh$|busybox$/.test(shell) && words.some((word) => basename(word) === 'start_server');
}
