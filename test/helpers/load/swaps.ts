import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { Load, type Address, type LoadOptions, type LoadReport } from './load.js';
import { freePort } from '../place/ports.js';
import { killQuietly } from '../processes/kill-quietly.js';
import { descriptorsOf, parentOf, processesIn } from '../processes/processes.js';
import { Run, type Starter } from '../running/starter.js';
import { isThorough } from '../thorough.js';
import { workspace } from '../place/workspace.js';

export type SocketKind = 'port' | 'udp' | 'path';

export interface Swaps {
  /** The program that serves, and answers as examples/psgi/app.psgi does; a function where it has to be told where. */
  readonly worker: readonly string[] | ((addresses: readonly Address[]) => readonly string[]);
  /**
   * The sockets on which it serves: ports of the loopback interface, TCP or UDP, and unix sockets; by default a TCP
   * port.
   */
  readonly sockets?: readonly SocketKind[];
  /** The descriptor on which the worker looks for the socket, where it cannot be told another one. */
  readonly descriptor?: number;
  /** Options of start_server besides --port, --path and --interval. */
  readonly options?: readonly string[];
  readonly load?: Omit<LoadOptions, 'addresses'>;
  readonly hups?: number;
  /** How many requests are waited for after each HUP, however long that takes; by default 200. */
  readonly requests?: number;
  /** How many of them have to come on connections that have served a request before; by default none. */
  readonly onKept?: number;
  /** With another start_server it shows whose fault a lost request is. */
  readonly starter?: Starter;
}

/**
 * Starts the worker under start_server and sends one HUP after another while clients ask it for answers; then ends both
 * and sees that nothing is left behind. A HUP is sent when the old workers of the restart before it have been signalled,
 * the new generation has answered, and enough requests have been asked.
 */
export async function swapUnderLoad(t: Test, swaps: Swaps): Promise<LoadReport> {
  const { worker, options = [], load: limits, hups = manySwaps, starter, sockets = ['port'], descriptor } = swaps;
  const { requests = 200, onKept = 0 } = swaps;
  const directory = workspace(t);
  // The processes of a prefork server live on after a superdaemon that is killed.
  t.teardown(() => eventually('the end of all processes', () => killAll(processesIn(directory)) === 0));
  const addresses = await Promise.all(
    sockets.map(async (kind, index) => (kind === 'path' ? join(directory, `${String(index)}.sock`) : freePort())),
  );
  const words = typeof worker === 'function' ? worker(addresses) : worker;
  const args = [
    ...addresses.map((address, index) => optionOf(address, sockets[index], descriptor)),
    '--interval=1',
    ...options,
    '--',
    ...words,
  ];
  const run = new Run(t, args, { cwd: directory, ...(starter && { starter }) });
  await run.sees(/^starting new worker/);
  t.ok(processesIn(directory).includes(run.pid), 'the processes of the run are found by their directory');
  const load = new Load({ ...limits, addresses });
  // Also when the test fails on the way.
  t.teardown(() => load.stop());
  await answerOf(load, 1);
  const descriptors = descriptorsOf(run.pid);

  for (let hup = 1; hup <= hups; hup += 1) {
    run.signal('SIGHUP');
    await run.sees(/^killing old workers$/, hup);
    await answerOf(load, hup + 1);
    await eventually(
      'enough requests',
      () => {
        const { report } = load;
        const isEnough = report.requests >= requests * hup && report.onKept >= onKept * hup;
        return isEnough && report.addresses.size === addresses.length;
      },
      { seen: () => JSON.stringify(load.report) },
    );
  }
  // The load goes on until then: a server may end a process only after its next answer.
  await run.sees(/^old worker \d+ died/, hups);
  const report = await load.stop();

  const strangers = () => strangersIn(directory, run);
  await eventually('no process of an old worker', () => strangers().length === 0, {
    seen: () => strangers().join(' '),
  });
  // It may be looking at what a worker has left at this very moment.
  await eventually(
    'the descriptors that the superdaemon had before',
    () => isDeepStrictEqual(descriptorsOf(run.pid), descriptors),
    { seen: () => descriptorsOf(run.pid).join(' ') },
  );
  t.same(await run.stop(), { code: 0, signal: null }, 'it ends with 0');
  const left = () => processesIn(directory);
  await eventually('the end of all processes', () => left().length === 0, { seen: () => left().join(' ') });
  return report;
}

/** How often workers are swapped by default. */
export const manySwaps = isThorough ? 10 : 4;

/** Twice as many swaps under fifty clients, of which 25 keep their connection. */
export const fiftyClients = { hups: 2 * manySwaps, requests: 250, load: { connections: 50, keptAlive: 25 } } as const;

/** Starlet, Starman and node have to stand fifty clients. All kinds of server are tried, so there are fewer for these. */
const someClients = { connections: 20, keptAlive: 10 };

/** Swaps of a worker, in which no request fails and every generation and every socket has its share. */
export async function losesNothing(t: Test, swaps: Swaps): Promise<void> {
  const { hups = manySwaps, sockets = ['port'], load } = swaps;
  const report = await swapUnderLoad(t, { ...swaps, hups, load: { ...someClients, ...load } });
  const { requests, onKept, failures, generations, addresses } = report;
  t.comment(`${String(requests)} requests, ${String(onKept)} of them on kept connections`);
  t.same(failures, {});
  t.equal(generations.size, hups + 1, 'every generation has answered');
  t.equal(addresses.size, sockets.length, 'every socket has been asked');
}

function optionOf(address: Address, kind: SocketKind = 'port', descriptor?: number): string {
  if (kind === 'path') return `--path=${String(address)}`;
  const number = descriptor === undefined ? '' : `=${String(descriptor)}`;
  return `--port=127.0.0.1:${kind === 'udp' ? 'u' : ''}${String(address)}${number}`;
}

/** Waits for the first answer of a generation. */
async function answerOf(load: Load, generation: number): Promise<void> {
  await eventually(`an answer of generation ${String(generation)}`, () => load.report.generations.has(generation), {
    seen: () => JSON.stringify(load.report.failures),
  });
}

/** Processes that belong neither to start_server nor to its current worker. */
function strangersIn(directory: string, run: Run): number[] {
  const current = run.workers.at(-1) ?? NaN;
  const others = processesIn(directory).filter((pid) => pid !== run.pid && pid !== current);
  return others.filter((pid) => parentOf(pid) !== current);
}

/** Kills the processes, and gives how many of them there were. */
function killAll(pids: readonly number[]): number {
  for (const pid of pids) killQuietly(pid);
  return pids.length;
}
