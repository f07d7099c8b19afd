/** What `systemctl status` shows of a service beside its state: one sentence for people that is true at the moment. */
import { exitCodes } from '../text/exit-codes.js';
import { endingPids, isEnding, isRunEnding, liveWorkers, servingWorkers, type State } from '../loop/state.js';
import type { Worker } from '../loop/types.js';
import type { FailureReport } from '../report/status-report.js';
import { failureInWords } from '../report/status-table.js';

/** What the sentence tells beside the state. Times are those of a clock on the wall. */
export interface SentenceFacts {
  /** When each worker was accepted, by its pid. */
  readonly since: ReadonlyMap<number, string>;
  /** What each worker has said last. */
  readonly said: ReadonlyMap<number, string>;
  readonly hasFailedRestart: boolean;
  readonly lastFailure: { readonly report: FailureReport; readonly at: string } | undefined;
  /** The exit code of a run that is over. */
  readonly exitCode: number | undefined;
}

export function statusSentence(state: State, facts: SentenceFacts): string {
  const { lastFailure, hasFailedRestart } = facts;
  const parts = [
    ...whoServes(state, facts),
    ...whatIsUnderWay(state, facts),
    ...whoEnds(state),
    ...(hasFailedRestart && state.phase.name === 'running' ? ['the last restart has failed'] : []),
    ...(lastFailure === undefined ? [] : [`last failure: ${failureInWords(lastFailure.report)}, at ${lastFailure.at}`]),
  ];
  return parts.join('; ');
}

function whoServes(state: State, { since, said }: SentenceFacts): string[] {
  const current = servingWorkers(state).at(-1);
  if (current === undefined) return isRunEnding(state) ? [] : ['nothing serves'];
  return [`${named(current)} serves since ${since.get(current.pid) ?? 'its start'}${wordsOf(current, said)}`];
}

function whatIsUnderWay(state: State, { said, exitCode }: SentenceFacts): string[] {
  const { phase, failures, generation } = state;
  switch (phase.name) {
    case 'spawning':
      return [`generation ${String(generation)} is starting`];
    case 'starting':
      if (phase.isCancelled === true) return [`${named(phase.worker)} was cancelled, and told to end`];
      if (isEnding(state, phase.worker.pid))
        return [`${named(phase.worker)} was not ready in time, and was told to end`];
      return [`${named(phase.worker)} is starting${wordsOf(phase.worker, said)}`];
    case 'waiting':
      return failures === 0 ? [] : [`another start follows, ${count(failures)} failed in a row`];
    case 'delaying':
      return [`old ${pids(state.old)} will be told to end`];
    case 'stopping':
      return [isGivenUp(phase.code) ? `giving up, ${count(failures)} failed in a row` : 'ending'];
    case 'stopped':
      return [isGivenUp(exitCode) ? `gave up, ${count(failures)} failed in a row` : 'ended'];
    case 'running':
      return [];
  }
}

function isGivenUp(exitCode: number | undefined): boolean {
  return exitCode === exitCodes.nothingServes.code;
}

function whoEnds(state: State): string[] {
  const isOnProbation = ({ pid }: Worker) => state.phase.name === 'starting' && state.phase.worker.pid === pid;
  const told = endingPids(state);
  const ending = liveWorkers(state).filter((worker) => told.has(worker.pid) && !isOnProbation(worker));
  if (ending.length === 0) return [];
  const old = state.phase.name === 'stopping' ? '' : 'old ';
  return [`${old}${pids(ending)} ${ending.length === 1 ? 'was' : 'were'} told to end`];
}

function named({ pid, generation }: Worker): string {
  return `worker ${String(pid)} (generation ${String(generation)})`;
}

function wordsOf({ pid }: Worker, said: SentenceFacts['said']): string {
  const words = said.get(pid);
  return words === undefined ? '' : `, it says: ${words}`;
}

function pids(workers: readonly Worker[]): string {
  return `${workers.length === 1 ? 'worker' : 'workers'} ${workers.map(({ pid }) => String(pid)).join(', ')}`;
}

function count(failures: number): string {
  return failures === 1 ? '1 start has' : `${String(failures)} starts have`;
}
