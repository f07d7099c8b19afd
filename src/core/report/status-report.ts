/** What `--show-status` knows: the same report for programs, as JSON, and for people, as a table. */
import { endingPids, isEnding, liveWorkers, probationEnd, settingsAt, type State } from '../loop/state.js';
import type { Settings, Worker } from '../loop/types.js';
import type { EventCounters } from './counters.js';
import { waitStatusInWords } from './wait-status.js';
import type { WorkerFailure } from '../loop/worker-failure.js';

export interface WorkerReport {
  readonly generation: number;
  readonly pid: number;
  /** `gone`: the status file names it, but it does not live. */
  readonly state: 'starting' | 'current' | 'old' | 'ending' | 'gone';
  /** Seconds since its fork; absent where nobody can tell. */
  readonly age?: number;
}

export interface ListenerReport {
  /** As in SERVER_STARTER_PORT. */
  readonly name: string;
  readonly kind: 'tcp' | 'udp' | 'unix';
  readonly address: string;
  readonly port?: number;
}

/** A worker that failed; without pid and wait status where not even a process was forked. */
export interface FailureReport {
  readonly generation: number;
  readonly pid?: number;
  /** As waitpid(2) gives it. */
  readonly waitStatus?: number;
  /** The same in words. */
  readonly ending: string;
  /** The lines of its output that may tell why, where its output can be read. */
  readonly output?: readonly string[];
}

/** Since the start. Times are in seconds since 1970, durations in seconds. */
export interface CountersReport extends EventCounters {
  readonly startTime: number;
  /** The last restart that ended well; absent before the first. */
  readonly lastRestart?: { readonly time: number; readonly took: number };
}

/** What goes on until a moment that the clock tells. */
export interface NextReport {
  /** `probation` and `readiness` of a new worker; the `pause` before another start; the `delay` before old workers end. */
  readonly after: 'probation' | 'readiness' | 'pause' | 'delay';
  /** Seconds that are left; absent for a readiness without a limit. */
  readonly left?: number;
}

export interface StatusReport {
  readonly pid: number;
  /** Absent where only the files could be read; so are the listeners and the last failure. */
  readonly version?: string;
  readonly state?: State['phase']['name'];
  /** Absent while nothing but a worker or an operator changes anything. */
  readonly next?: NextReport;
  /** The counter of generations. */
  readonly generation: number;
  readonly workers: readonly WorkerReport[];
  readonly listeners?: readonly ListenerReport[];
  /** The command line in force, each option in full. */
  readonly command?: readonly string[];
  /** Another command line that is tried; absent where there is none. */
  readonly tried?: readonly string[];
  /** Sockets that only workers of a former command line have, and that are closed after them; absent where there are none. */
  readonly closing?: readonly ListenerReport[];
  /** Pids of processes that a worker has left, and that serve on; absent where there are none. */
  readonly leftBehind?: readonly number[];
  readonly counters?: CountersReport;
  /** `age`: seconds since then. */
  readonly lastFailure?: FailureReport & { readonly age: number };
}

/** All workers that live, the oldest generation first. */
export function workerReports(state: State, now: number): WorkerReport[] {
  const ending = endingPids(state);
  return liveWorkers(state)
    .sort((a, b) => a.generation - b.generation)
    .map((worker) => ({
      generation: worker.generation,
      pid: worker.pid,
      state: stateOf(state, worker, ending),
      age: secondsBetween(worker.forkedAt, now),
    }));
}

function stateOf(state: State, worker: Worker, ending: ReadonlySet<number>): WorkerReport['state'] {
  if (state.phase.name === 'stopping' || ending.has(worker.pid)) return 'ending';
  if (worker === state.current) return 'current';
  return state.phase.name === 'starting' && worker === state.phase.worker ? 'starting' : 'old';
}

/** `inForce` are the settings of the command line in force. */
export function nextReport(state: State, inForce: Settings, now: number): NextReport | undefined {
  const { phase } = state;
  const until = (at: number) => Math.max(0, secondsBetween(now, at));
  switch (phase.name) {
    case 'starting': {
      if (isEnding(state, phase.worker.pid)) return undefined;
      const settings = settingsAt(state, inForce);
      const end = probationEnd(phase.worker, settings);
      const after = settings.readiness === undefined ? 'probation' : 'readiness';
      return { after, ...(end === undefined ? {} : { left: until(end) }) };
    }
    case 'waiting':
      return { after: 'pause', left: until(phase.until) };
    case 'delaying':
      return { after: 'delay', left: until(phase.until) };
    case 'running':
    case 'spawning':
    case 'stopping':
    case 'stopped':
      return undefined;
  }
}

/** `names` are the signals of the system. */
export function failureReport(failure: WorkerFailure, names: Readonly<Record<string, number>>): FailureReport {
  if (failure.type === 'fork refused') {
    return { generation: failure.generation, ending: `fork refused: ${failure.reason}` };
  }
  const { worker, status } = failure;
  return {
    generation: worker.generation,
    pid: worker.pid,
    waitStatus: status,
    ending: waitStatusInWords(status, names),
  };
}

/** Seconds to the millisecond. */
export function secondsBetween(from: number, to: number): number {
  return Math.round(to - from) / 1000;
}
