import type { GenerationEvent } from '../loop/generation-events.js';
import type { FollowedEvent } from './control-protocol.js';
import { waitStatusInWords } from './wait-status.js';

/** What a follower is told of an event; `names` are the signals of the system. */
export function followedEvent(happened: GenerationEvent, names: Readonly<Record<string, number>>): FollowedEvent {
  const { type: event, worker } = happened;
  const named = { event, generation: worker.generation, pid: worker.pid };
  if ('signal' in happened) return { ...named, signal: happened.signal };
  if (!('status' in happened)) return named;
  const { status } = happened;
  return { ...named, waitStatus: status, ending: waitStatusInWords(status, names) };
}
