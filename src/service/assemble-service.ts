/** What a service is made of, wherever it comes from: opened, or taken up from another image of this process. */
import type { State } from '../core/loop/state.js';
import type { FailuresPart } from '../core/handover/workers-part.js';
import { checkCandidate } from './check-candidate.js';
import { CommandInForce } from './command-in-force.js';
import type { Equipment } from './equipment.js';
import { FailureMemory } from './failure-memory.js';
import { openCandidate } from './open-candidate.js';
import { Reconfiguration } from './reconfiguration.js';
import type { Resources } from './resources.js';
import { Service } from './service.js';
import { ServiceKernel } from './service-kernel.js';
import type { Shared, Surroundings } from './surroundings.js';

/** What of it belongs to the command line in force, and what tells how that one is replaced. */
export type Commands = Pick<Resources, 'commands' | 'failures' | 'reconfiguration'>;

/** `before` is what the image before has remembered of failures. */
export function commandsFor(equipment: Equipment, shared: Shared, before?: FailuresPart): Commands {
  const { workerOutput, say, inbox, takeOver } = shared;
  const commands = new CommandInForce(equipment, shared);
  const failures = new FailureMemory(workerOutput, (generation) => commands.look(generation), say, before);
  const reconfiguration = new Reconfiguration({
    commands,
    open: (other) => openCandidate(other, commands.inForce, shared),
    compare: (other) => checkCandidate(other, commands.inForce, shared),
    failures,
    inbox,
    takeOver,
  });
  return { commands, failures, reconfiguration };
}

/** `state` is where the image before stood. */
export function assembleService(surroundings: Surroundings, resources: Resources, state?: State): Service {
  const { commands, reconfiguration, failures, takeOver, outliving, counters, control, manager } = resources;
  const telling = manager?.telling({ settings: () => commands.settings, failures });
  const kernel = new ServiceKernel({
    ...surroundings,
    ...resources,
    turn: (at) => telling?.turn(at) ?? Infinity,
  });
  reconfiguration.begin();
  const observers = [failures, counters, takeOver, outliving, commands, reconfiguration, control, telling];
  return new Service({ ...resources, kernel, observers: observers.filter((one) => one !== undefined), state });
}
