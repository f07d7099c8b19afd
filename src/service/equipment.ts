/** What a command line needs to run its program: opened when it is tried, or at the start. */
import type { StartCommand } from '../core/command-line/command.js';
import { checkListenerSpecs, type ListenerSpec, type ListenerSpecs } from '../core/command-line/port-spec.js';
import type { Result } from '../core/loop/types.js';
import { failures } from '../core/text/failures.js';
import { StarterError } from '../core/text/starter-error.js';
import type { Inheritance } from '../system/processes/inheritance.js';
import { openReadiness } from '../system/readiness/open-readiness.js';
import type { Readiness } from '../system/readiness/readiness.js';
import { attempt } from './attempt.js';
import { listening, readinessParts, type Shared, type Surroundings } from './surroundings.js';
import type { Lineup } from './listeners.js';
import type { Log } from './log.js';
import { Program, type ProgramParts } from './program.js';
import type { Say } from './say.js';
import type { RunStatusFile } from './status-file.js';
import { WorkerEnvironment } from './worker-environment.js';

/** All that one command line has of its own; what two of them have in common is the same object. */
export interface Equipment {
  readonly command: StartCommand;
  readonly environment: WorkerEnvironment;
  readonly log: Log;
  readonly statusFile: RunStatusFile | undefined;
  readonly readiness: Readiness | undefined;
  readonly program: Program;
}

/** A command line that is to take the place of the one in force. */
export interface Candidate extends Equipment {
  readonly lineup: Lineup;
  readonly backlog: number;
}

/** The rest of what a program is started with is the same for all command lines. `toldTrouble`: by the image before. */
export function equipped(
  parts: Omit<Equipment, 'program'>,
  shared: Shared,
  listeners: ProgramParts['listeners'],
  toldTrouble?: string,
): Equipment {
  return { ...parts, program: new Program({ ...shared, ...parts, listeners, toldTrouble }) };
}

export function openEnvironment(
  { variables }: StartCommand,
  { inheritance, inbox }: Pick<Surroundings, 'inheritance' | 'inbox'>,
): WorkerEnvironment {
  return WorkerEnvironment.read(inheritance.environment, variables, () => {
    inbox.settingsMayHaveChanged();
  });
}

/** Nonsense is a StarterError, what seems odd is logged. */
export function checkedSpecs(
  { specs, mistakes: [mistake] }: ListenerSpecs,
  inheritance: Inheritance,
  say: Say,
): readonly ListenerSpec[] {
  if (mistake !== undefined) throw new StarterError(mistake);
  compareSpecs(specs, inheritance, say);
  return specs;
}

/** Whether they go together. */
export function compareSpecs(specs: readonly ListenerSpec[], { softLimits }: Inheritance, say: Say): void {
  for (const warning of valueOf(checkListenerSpecs(specs, softLimits.nofile ?? Infinity))) say(warning, 'warning');
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new StarterError(result.error);
  return result.value;
}

export function openedReadiness(
  { settings: { readiness: kind } }: StartCommand,
  surroundings: Pick<Surroundings, 'inheritance' | 'inbox' | 'closing' | 'listenForInput'>,
  say: Say,
): Readiness | undefined {
  if (kind === undefined) return undefined;
  const readiness = attempt(
    () => openReadiness(kind, readinessParts(surroundings, say)),
    (reason) => failures.noNotifySocket(reason),
  );
  return listening(readiness, surroundings);
}
