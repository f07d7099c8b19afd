/**
 * The signals of the command, which has the process to itself, go through the addon. By node's way some get lost when very
 * many come, and USR1 opens a debugger to everybody on the machine.
 */
import { addon } from '../engine/addon.js';
import { signals } from '../engine/platform.js';
import type { Inbox } from '../loop/inbox.js';
import { commandSignals } from './signalled.js';

/** By default they would end the process; node expects that the call fails with an error instead. */
const failuresToNode = ['PIPE', 'XFSZ'].map(numberOf);

/**
 * By default they would end the process. ALRM woke the original's loop; the others come from timers, limits and descriptors
 * that a caller has set up before its exec, or by mistake.
 */
const withoutEffect = ['ALRM', 'VTALRM', 'PROF', 'XCPU', 'PWR', 'STKFLT'].map(numberOf);

/** The first real-time signal that glibc does not keep to itself. musl keeps this one, too, and refuses it to others. */
const firstRealTime = 34;

const realTime = Array.from(
  { length: Math.max(0, signals.highest - firstRealTime + 1) },
  (_, at) => firstRealTime + at,
);

/** The two that a superdaemon cannot do without: a child may have ended, or there is something to read. */
const news = ['CHLD', 'IO'].map(numberOf);

/**
 * From here on all signals go to the superdaemon, and none ends the process but those of its own faults. Signals that the
 * caller had blocked stay without effect.
 */
export function takeAllSignals(inbox: Inbox, blocked: readonly number[]): void {
  const meanings = new Map(commandSignals(inbox).map(([name, act]) => [numberOf(name), act]));
  meanings.set(numberOf('USR2'), () => {
    inbox.requestUpgrade();
  });
  const lookAround = (): void => {
    inbox.lookAround();
  };
  for (const signal of news) meanings.set(signal, lookAround);
  addon.setSignals(
    {
      handled: [...meanings.keys()],
      ignored: [...failuresToNode, ...withoutEffect, ...realTime].filter(isKnown),
      standard: [],
      blocked: blocked.filter((signal) => !news.includes(signal)),
    },
    (arrived) => {
      for (const signal of arrived) meanings.get(signal)?.();
    },
  );
}

/** The signals that wake a sleeping superdaemon: those on which it acts, without those that the caller had blocked. */
export function wakingSignals(blocked: readonly number[]): number[] {
  const commands = ['TERM', 'INT', 'QUIT', 'HUP', 'USR1', 'USR2'].map(numberOf);
  return [...news, ...commands.filter((signal) => !blocked.includes(signal))];
}

/** For a command that handles no signals: each does what the caller has set, as in the original's commands. */
export function leaveSignals(): void {
  const launch = addon.launched();
  addon.setSignals(
    {
      handled: [],
      ignored: failuresToNode,
      // Without the preloaded library, node has taken USR1 for its debugger by now.
      standard: launch === undefined ? [numberOf('USR1')] : [],
      blocked: launch?.blocked ?? [],
    },
    () => undefined,
  );
}

/** 0 for a signal that this system does not have. */
function numberOf(name: string): number {
  const numbers: Readonly<Record<string, number>> = signals.names;
  return numbers[`SIG${name}`] ?? 0;
}

function isKnown(signal: number): boolean {
  return signal > 0;
}
