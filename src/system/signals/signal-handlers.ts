/**
 * Signals and the exit of a process that a superdaemon shares with a program: they are handled by node's way, beside the
 * program's own handlers. What the command does is in own-signals.ts.
 */
import type { Inbox } from '../loop/inbox.js';
import { commandSignals } from './signalled.js';

/** HUP, USR1 and the stop signals, beside whatever else handles them. Gives back how to end that. */
export function handleCommandSignals(inbox: Inbox): () => void {
  const ends = commandSignals(inbox).map(([signal, act]) => listen(signal, act));
  return () => {
    for (const end of ends) end();
  };
}

/** CHLD, by one handler for all inboxes of the process; by default CHLD does nothing. Gives back how to end that. */
export function listenForEnds(inbox: Inbox): () => void {
  if (inboxes.size === 0) process.on('SIGCHLD', lookAround);
  inboxes.add(inbox);
  return () => {
    inboxes.delete(inbox);
    if (inboxes.size === 0) process.off('SIGCHLD', lookAround);
  };
}

/** IO, which the kernel sends for what `addon.signalInput` was called for. Gives back how to end that. */
export function listenForInput(inbox: Inbox): () => void {
  return listen('IO', () => {
    inbox.lookAround();
  });
}

const inboxes = new Set<Inbox>();

function lookAround(): void {
  for (const inbox of inboxes) inbox.lookAround();
}

/** Calls `act` when the process exits; one listener calls all of them. Gives back how to end that. */
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
