/**
 * Signals and the exit of a process that is not a superdaemon's own, node's way: handlers beside those of the program. What
 * the command does is in own-signals.ts.
 */
import type { PosixKernel } from '../loop/posix-kernel.js';
import { commandSignals, type Signalled } from './signalled.js';

/** HUP, USR1 and the stop signals, beside whatever else handles them. Gives back how to end that. */
export function handleCommandSignals(signalled: Signalled): () => void {
  const ends = commandSignals(signalled).map(([signal, act]) => listen(signal, act));
  return () => {
    for (const end of ends) end();
  };
}

/** CHLD, which does nothing by default, by one handler for all kernels of the process. Gives back how to end that. */
export function listenForEnds(kernel: PosixKernel): () => void {
  if (kernels.size === 0) process.on('SIGCHLD', lookAround);
  kernels.add(kernel);
  return () => {
    kernels.delete(kernel);
    if (kernels.size === 0) process.off('SIGCHLD', lookAround);
  };
}

/** IO, which the kernel sends for what `addon.signalInput` was called for. Gives back how to end that. */
export function listenForInput(kernel: PosixKernel): () => void {
  return listen('IO', () => {
    kernel.lookAround();
  });
}

const kernels = new Set<PosixKernel>();

function lookAround(): void {
  for (const kernel of kernels) kernel.lookAround();
}

/** Has something done, without waiting, when the process exits; by one listener for all. Gives back how to end that. */
export function onExit(act: () => void): () => void {
  if (lastActs.size === 0) process.once('exit', actAtExit);
  lastActs.add(act);
  return () => {
    lastActs.delete(act);
    if (lastActs.size === 0) process.off('exit', actAtExit);
  };
}

const lastActs = new Set<() => void>();

function actAtExit(): void {
  for (const act of lastActs) act();
}

function listen(signal: string, act: () => void): () => void {
  const name = `SIG${signal}` as NodeJS.Signals;
  process.on(name, act);
  return () => {
    process.off(name, act);
  };
}
