import cluster from 'node:cluster';
import { isUnderStartServer } from './server-ports.js';

/** One handler of a signal for all servers of the process, for as long as one of them listens, or longer. */
type Told = (signal: NodeJS.Signals) => void;

const waiting = new Map<NodeJS.Signals, Set<Told>>();
const came = new Set<NodeJS.Signals>();

/**
 * Calls `told` whenever one of these signals comes, and at once if one came before: otherwise a server that begins to
 * listen after it would keep the process from ending. Gives a function that ends this. After the last one the signal
 * has its former effect again, unless it is expected to come once more.
 */
export function whenSignalled(signals: Iterable<NodeJS.Signals>, told: Told): () => void {
  const own = [...new Set(signals)];
  for (const signal of own) {
    const others = waiting.get(signal);
    if (others === undefined) process.on(signal, deliver);
    waiting.set(signal, (others ?? new Set()).add(told));
  }
  for (const signal of own) if (came.has(signal)) told(signal);
  return () => {
    for (const signal of own) forget(signal, told);
  };
}

function deliver(signal: NodeJS.Signals): void {
  came.add(signal);
  for (const told of [...(waiting.get(signal) ?? [])]) told(signal);
}

function forget(signal: NodeJS.Signals, told: Told): void {
  const left = waiting.get(signal);
  if (left?.delete(told) !== true || left.size > 0 || isSentAgain(signal)) return;
  waiting.delete(signal);
  process.off(signal, deliver);
}

/**
 * Whether the signal may come once more to a process that is ending already, and perhaps closing its database: at Ctrl-C
 * the terminal signals every process, then start_server its workers, and the primary of node:cluster its processes.
 */
function isSentAgain(signal: NodeJS.Signals): boolean {
  return isUnderStartServer() || (cluster.isWorker && signal !== 'SIGINT');
}
