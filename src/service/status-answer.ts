/** What a running service tells about itself. */
import { commandWords } from '../core/command-line/command-words.js';
import type { State } from '../core/loop/state.js';
import { nextReport, secondsBetween, workerReports, type StatusReport } from '../core/report/status-report.js';
import { version } from '../system/engine/platform.js';
import { now } from '../system/loop/clock.js';
import type { CommandInForce } from './command-in-force.js';
import type { FailureMemory } from './failure-memory.js';
import type { Listeners } from './listeners.js';
import type { OutlivingWorkers } from './outliving-workers.js';
import type { RunCounters } from './run-counters.js';

/** What is reported on. */
export interface Reported {
  readonly commands: Pick<CommandInForce, 'inForce' | 'tried' | 'settings'>;
  readonly listeners: Pick<Listeners, 'reports' | 'leaving'>;
  readonly failures: FailureMemory;
  readonly outliving: Pick<OutlivingWorkers, 'pids'>;
  readonly counters: Pick<RunCounters, 'report'>;
}

export function reportOn(state: State, { commands, listeners, failures, outliving, counters }: Reported): StatusReport {
  const at = now();
  const failure = failures.last;
  const { given, program } = commands.inForce.command;
  const { tried } = commands;
  const next = nextReport(state, commands.settings, at);
  const { leaving } = listeners;
  const leftBehind = outliving.pids;
  return {
    pid: process.pid,
    version,
    state: state.phase.name,
    ...(next && { next }),
    generation: state.generation,
    workers: workerReports(state, at),
    listeners: listeners.reports,
    command: commandWords({ given, program }),
    ...(tried && { tried: commandWords(tried) }),
    ...(leaving.length === 0 ? {} : { closing: leaving }),
    counters: counters.report,
    ...(leftBehind.length === 0 ? {} : { leftBehind }),
    ...(failure === undefined ? {} : { lastFailure: { ...failure.report, age: secondsBetween(failure.at, at) } }),
  };
}
