import type { FollowedEvent } from './control-protocol.js';

/** A line for people; `signalName` gives the name of a signal by its number. */
export function followedEventInWords(event: FollowedEvent, signalName: (number: number) => string): string {
  return `generation ${String(event.generation)}: worker ${String(event.pid)} ${happening(event, signalName)}`;
}

function happening({ event, signal, ending }: FollowedEvent, signalName: (number: number) => string): string {
  switch (event) {
    case 'spawned':
      return 'was spawned';
    case 'started':
      return 'has started well';
    case 'failed':
      return `has failed to start: ${ending ?? 'unknown'}`;
    case 'retired':
      return `was sent ${signal === undefined ? 'a signal' : signalName(signal)}`;
    case 'died':
      return `has ended: ${ending ?? 'unknown'}`;
  }
}
