import { execFileSync } from 'node:child_process';
import type { SocketFacts } from '../../../src/core/workers/socket-facts.js';
import { commandFor } from '../processes/native.js';
import { fixture } from '../place/samples.js';

/** What the addon makes of a socket that node cannot open, see test/fixtures/strange-sockets.py. */
export function described(kind: string): SocketFacts {
  const words = [fixture('strange-sockets.py'), kind, ...commandFor('describeSocket', [3])];
  const answer = execFileSync('python3', words, { encoding: 'latin1' });
  return (JSON.parse(answer) as { value: SocketFacts }).value;
}
