/** The library under test; its servers end with the test. */
import { once } from 'node:events';
import type { Test } from 'tap';
import { startServer, type Server, type ServerOptions } from '../../../src/index.js';
import { example } from '../place/samples.js';

/** Answers over HTTP with its generation and pid. */
export const httpWorker = [process.execPath, example('http-worker.js')] as const;
/** Does nothing, and ends at once when it is told to. */
export const idleWorker = ['sleep', '100'] as const;

/** A server with a short probation; without options it has no socket. */
export async function started(t: Test, options: Partial<ServerOptions> = {}): Promise<Server> {
  const server = await startServer({ exec: idleWorker, interval: 0.1, ...options });
  t.teardown(() => server.stop());
  return server;
}

/** Notes what happens: `started 1`, `died 1 256` ... */
export function notes({ events }: Server): string[] {
  const noted: string[] = [];
  for (const type of ['spawned', 'started', 'failed', 'retired', 'died'] as const) {
    events.on(type, ({ generation }: { generation: number }, ...rest: unknown[]) =>
      noted.push([type, generation, ...rest.filter((one) => typeof one === 'number')].join(' ')),
    );
  }
  return noted;
}

/** The next event of this kind. */
export async function next(server: Server, type: 'failed' | 'died' | 'started'): Promise<void> {
  await once(server.events, type);
}
