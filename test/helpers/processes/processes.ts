import { readdirSync, readlinkSync } from 'node:fs';
import { eventually } from '../eventually.js';
import { constants } from 'node:os';
import { signalsOf } from './probe.js';
import { procFile } from './proc-file.js';

/**
 * The pids of all processes working in the directory. Where a run has a directory of its own, these are the run and all
 * that it has left behind. The environment would not show that: Starman writes its title over it.
 */
export function processesIn(directory: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => targetOf(`/proc/${pid}/cwd`) === directory).map(Number);
}

/** The parent's pid; NaN when the process is gone. */
export function parentOf(pid: number): number {
  // The name before it may hold anything, parentheses too.
  return Number(/^\d+ \(.*\) \S (\d+)/s.exec(procFile(pid, 'stat'))?.[1]);
}

/** When it was started, in ticks of the system's clock; '' when it is gone, also as a zombie. */
export function startOf(pid: number): string {
  const [state = '', ...fields] = procFile(pid, 'stat')
    .replace(/^\d+ \(.*\) /s, '')
    .split(' ');
  return state === 'Z' ? '' : (fields[18] ?? '');
}

/**
 * What is open in a process: lines of a number and what it is, such as `8 socket:[1234]`. Not the file that it reads for a
 * moment once it has been at rest, to give memory back.
 */
export function descriptorsOf(pid: number): string[] {
  const directory = `/proc/${String(pid)}/fd`;
  const lines = readdirSync(directory).map((fd) => `${fd} ${targetOf(`${directory}/${fd}`)}`);
  return lines.filter((line) => !line.endsWith('/smaps'));
}

/** Waits until a process has not woken up for half a second. */
export async function atRest(pid: number): Promise<void> {
  const wakeUps = () => Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(procFile(pid, 'status'))?.[1]);
  let last = NaN;
  let since = performance.now();
  await eventually('half a second of rest', () => {
    const now = wakeUps();
    if (now !== last) since = performance.now();
    last = now;
    return performance.now() - since > 500;
  });
}

/** Whether it has a handler of its own for the signal. */
export function handles(pid: number, signal: NodeJS.Signals): boolean {
  const [, mask = '0'] = /^SigCgt:\t(\w+)$/m.exec(procFile(pid, 'status')) ?? [];
  return signalsOf(mask).includes(constants.signals[signal]);
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    // The process has ended (a zombie works nowhere), or the descriptor is closed.
    return '';
  }
}
