/** What signals of the process, and its exit, mean to a superdaemon: the only place that handles them. */
import { constants } from 'node:os';
import type { StopSignal } from '../core/types.js';
import type { PosixKernel } from './posix-kernel.js';

/** What signals act on. */
export interface Signalled {
  readonly kernel: PosixKernel;
  reopenLog(): unknown;
}

const stopSignals: readonly StopSignal[] = ['TERM', 'INT', 'QUIT'];

/**
 * Would end the process by default; USR2 is kept for later, ALRM woke the original's loop. The others are sent by timers,
 * limits and descriptors that a caller has set up before its exec, or by mistake. Those of a process's own faults, and
 * real-time signals, which node cannot handle, end it.
 */
const withoutEffect = ['ALRM', 'USR2', 'VTALRM', 'PROF', 'IO', 'XCPU', 'PWR', 'STKFLT'] as const;

/**
 * All signals in the hands of the superdaemon: from here on none ends the process by itself. Those that the caller had
 * blocked stay without effect.
 */
export function handleAllSignals(signalled: Signalled, blockedSignals: readonly number[]): void {
  const handle = (signal: string, act: () => void): void => {
    const isBlocked = blockedSignals.includes(constants.signals[`SIG${signal}` as NodeJS.Signals]);
    listen(signal, () => {
      if (!isBlocked) act();
    });
  };
  handleCommands(signalled, handle);
  for (const signal of withoutEffect) handle(signal, () => undefined);
  listenForEnds(signalled.kernel);
}

/** HUP, USR1 and the stop signals, beside whatever else handles them. Gives back how to end that. */
export function handleCommandSignals(signalled: Signalled): () => void {
  const ends: (() => void)[] = [];
  handleCommands(signalled, (signal, act) => ends.push(listen(signal, act)));
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

function handleCommands(signalled: Signalled, handle: (signal: string, act: () => void) => unknown): void {
  const { kernel } = signalled;
  for (const signal of stopSignals) {
    handle(signal, () => {
      kernel.requestStop(signal);
    });
  }
  handle('HUP', () => {
    kernel.requestRestart();
  });
  handle('USR1', () => {
    signalled.reopenLog();
  });
}

function listen(signal: string, act: () => void): () => void {
  const name = `SIG${signal}` as NodeJS.Signals;
  process.on(name, act);
  return () => {
    process.off(name, act);
  };
}
