/**
 * The signals of the command, whose process is its own: they go through the addon. Node's way loses some when very many
 * come, and at USR1 it opens a debugger to everybody on the machine.
 */
import { addon } from '../engine/addon.js';
import { signals } from '../engine/platform.js';
import type { Inbox } from '../loop/inbox.js';
import { commandSignals } from './signalled.js';

/** Would end the process where node expects an error of the call. */
const failuresToNode = ['PIPE', 'XFSZ'].map(numberOf);

/**
 * Would end the process by default; ALRM woke the original's loop. The others are sent by timers,
 * limits and descriptors that a caller has set up before its exec, or by mistake.
 */
const withoutEffect = ['ALRM', 'VTALRM', 'PROF', 'XCPU', 'PWR', 'STKFLT'].map(numberOf);

/** The first that glibc does not keep to itself; musl keeps it, too, and lets nobody else have it. */
const firstRealTime = 34;

const realTime = Array.from(
  { length: Math.max(0, signals.highest - firstRealTime + 1) },
  (_, at) => firstRealTime + at,
);

/** A child may have ended, or there is something to read: what a superdaemon cannot do without. */
const news = ['CHLD', 'IO'].map(numberOf);

/**
 * All signals in the hands of the superdaemon: from here on none ends the process, but for those of its own faults. Those
 * that the caller had blocked stay without effect.
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

/** Those that a superdaemon acts on, less what the caller had blocked: they wake one that sleeps. */
export function wakingSignals(blocked: readonly number[]): number[] {
  const commands = ['TERM', 'INT', 'QUIT', 'HUP', 'USR1', 'USR2'].map(numberOf);
  return [...news, ...commands.filter((signal) => !blocked.includes(signal))];
}

/** For a command that needs none: each does what it did when the command was called, as with the original's commands. */
export function leaveSignals(): void {
  const launch = addon.launched();
  addon.setSignals(
    {
      handled: [],
      ignored: failuresToNode,
      // Without the preloaded library node has set what it does by then.
      standard: launch === undefined ? [numberOf('USR1')] : [],
      blocked: launch?.blocked ?? [],
    },
    () => undefined,
  );
}

/** Not every system has all of them: 0 for one that there is not. */
function numberOf(name: string): number {
  const numbers: Readonly<Record<string, number>> = signals.names;
  return numbers[`SIG${name}`] ?? 0;
}

function isKnown(signal: number): boolean {
  return signal > 0;
}
