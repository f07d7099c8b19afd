/**
 * A candidate: another command line, tried with one worker. It is adopted when the workers of the command line in force are
 * told to end, which cannot be taken back; whatever goes wrong before that drops it, and nothing has changed.
 */
import { act, andThen, inTurn, log, saying, spawnNext, stay, type Part, type Step } from './decision.js';
import { endOnProbation } from './ending.js';
import { messages } from './messages.js';
import { acceptedWorkers, liveWorkers, servingWorkers, type Candidate, type Phase, type State } from './state.js';
import type { Settings } from './types.js';

/** Seconds. An interval of 0 accepts a worker that cannot even be executed. */
const shortestTrial = 1;

/** Takes a candidate, which is tried as soon as no start is under way. One at a time; at the end of a run there is none. */
export function offer(state: State, settings: Settings): Step {
  if (state.phase.name === 'stopping') return act(state, { type: 'drop' });
  if (state.phase.name === 'stopped' || state.candidate !== undefined) return stay(state);
  const tried = { ...settings, interval: Math.max(settings.interval, shortestTrial) };
  return stay({ ...state, candidate: { settings: tried, trial: undefined } });
}

/** Whether the worker of this generation is the candidate's. */
export function isTried({ candidate }: State, generation: number): boolean {
  return candidate?.trial?.generation === generation;
}

/** Starts its worker; a pause between failed starts waits meanwhile. */
export function tryCandidate(state: State, candidate: Candidate): Step {
  const { phase } = state;
  const generation = state.generation + 1;
  const pause = phase.name === 'waiting' ? phase : undefined;
  const trial = { generation, pause, isWithdrawn: false };
  const spawning: Phase = { name: 'spawning', retiring: true, stop: undefined };
  const trying = { ...state, generation, candidate: { ...candidate, trial }, phase: spawning };
  return andThen(log(trying, messages.tryingCandidate()), (next) =>
    act(next, { type: 'spawn', generation, candidate: true }),
  );
}

/** The way back is closed: where there is a candidate, it is in force from here on. */
export const adoptCandidate: Part = (state) =>
  state.candidate?.trial ? act({ ...state, candidate: undefined }, { type: 'adopt' }) : stay(state);

/** Where there is a candidate, it is given up. */
export const giveUpCandidate: Part = (state) => {
  if (state.candidate === undefined) return stay(state);
  return inTurn({ ...state, candidate: undefined }, saying(messages.candidateDropped()), (next) =>
    act(next, { type: 'drop' }),
  );
};

/** The same, and the run goes on as if there had not been one. */
export const dropCandidate: Part = (state) => {
  const trial = state.candidate?.trial;
  const dropped = giveUpCandidate(state);
  return trial === undefined ? dropped : andThen(dropped, (next) => goBack(next, trial.pause));
};

/** To where a start has come in: who serves goes on to serve, and where nobody is left another one is started. */
export function goBack(state: State, pause: Phase | undefined): Step {
  const hasToStop = state.phase.name === 'spawning' && state.phase.stop !== undefined;
  const current = servingWorkers(state).at(-1);
  const old = acceptedWorkers(state).filter((worker) => worker !== current);
  const back: State = { ...state, phase: pause ?? { name: 'running' }, current, old };
  return pause === undefined && current === undefined && !hasToStop ? spawnNext(back, false) : stay(back);
}

/** Nobody wants it any more. Its worker is told to end; one on probation takes it along when it does. */
export function withdraw(state: State, now: number): Step {
  const { candidate } = state;
  const trial = candidate?.trial;
  if (candidate === undefined || trial === undefined) return dropCandidate(state);
  const withdrawn: State = { ...state, candidate: { ...candidate, trial: { ...trial, isWithdrawn: true } } };
  const ended = endWithdrawn(withdrawn, now);
  return state.phase.name === 'delaying' ? andThen(ended, dropCandidate) : ended;
}

/** Nothing where it is not forked yet, or was not withdrawn. */
export function endWithdrawn(state: State, now: number): Step {
  const trial = state.candidate?.trial;
  const worker = liveWorkers(state).find(({ generation }) => isTried(state, generation));
  if (worker === undefined || trial?.isWithdrawn !== true) return stay(state);
  const told = log(state, messages.candidateWithdrawn(worker.pid, worker.wayToEnd.signalOnTerm));
  return andThen(told, (next) => endOnProbation(next, worker, now));
}
