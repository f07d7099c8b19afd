/** A running server, and a start_server that takes its sockets over, under load. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { freePort } from '../place/ports.js';
import { room } from '../place/room.js';
import { isAlive, plainEnvironment, Run, type RunOptions } from '../running/starter.js';
import { ask } from './ask.js';
import { Load, type Address } from './load.js';

/** Where it serves: a port of the loopback interface and, if it can, a unix socket. */
export interface Place {
  readonly cwd: string;
  readonly port: number;
  readonly path: string;
}

export async function place(t: Test): Promise<Place> {
  const cwd = room(t);
  return { cwd, port: await freePort(), path: join(cwd, 's') };
}

/** Starts a server without any start_server, and waits until it answers everywhere. */
export async function living(
  words: readonly string[],
  { cwd, port }: Place,
  addresses: readonly Address[] = [port],
): Promise<ChildProcess & { readonly pid: number }> {
  const [file = '', ...args] = words;
  // It ends with the room.
  const env = { ...plainEnvironment(), SERVER_STARTER_GENERATION: '0' };
  const server = spawn(file, args, { cwd, env, stdio: 'ignore' });
  for (const address of addresses) {
    await eventually('an answer', async () => (await ask.http(address).catch(() => '')) !== '');
  }
  return Object.assign(server, { pid: server.pid ?? NaN });
}

/** How many requests are waited for before the take-over, and again after the end of the old server. */
const some = 100;

/**
 * Has the sockets taken over from a process while clients ask, each request on a connection of its own. Gives the run that
 * has them now, when the old process has ended and no request has failed.
 */
export async function takesOverUnderLoad(
  t: Test,
  pid: number,
  words: readonly string[],
  addresses: readonly Address[],
  options: RunOptions,
): Promise<Run> {
  const load = new Load({ addresses, connections: 8 * addresses.length, keptAlive: 0, thinking: 5 });
  t.teardown(() => load.stop());
  const more = async () => {
    const enough = load.report.requests + some;
    const seen = () => JSON.stringify(load.report);
    await eventually('more requests', () => load.report.requests >= enough, { seen });
  };
  await more();
  const run = new Run(t, words, options);
  await run.sees(/^process \d+ \(".*"\), which had the sockets before, has ended$/);
  t.notOk(isAlive(pid), 'the old one has ended');
  await more();
  const { requests, failures, addresses: asked } = await load.stop();
  t.comment(`${String(requests)} requests`);
  // Clients may come between the moment in which the old owner removes a path and that in which it is put back.
  const { ENOENT: missed = 0, ...others } = failures;
  if (missed > 0) t.comment(`${String(missed)} have not found the path`);
  t.same([others, asked.size], [{}, addresses.length], run.stderr);
  return run;
}
