/** Every kind of server in one program, under start_server and by itself. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ask, type Kind } from '../helpers/load/ask.js';
import type { Address } from '../helpers/load/load.js';
import { freePort } from '../helpers/place/ports.js';
import { Program } from '../helpers/processes/program.js';
import { fixture } from '../helpers/place/samples.js';
import { Run } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

const program = fixture('every-kind.js');
const streams: readonly Kind[] = ['http', 'https', 'http2', 'net'];

t.test('under start_server a new worker takes over every kind of socket', async (t) => {
  const places = await placesIn(workspace(t));
  const options = places.map(([kind, address]) => {
    if (typeof address === 'string') return `--path=${address}`;
    return `--port=127.0.0.1:${kind === 'udp' ? 'u' : ''}${String(address)}`;
  });
  const run = new Run(t, ['--interval=0', ...options, '--', process.execPath, program, ...words(places)]);
  await run.sees(/^starting new worker/);
  t.same(await answers(places), expected(places, '1'));
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died, status:0$/);
  t.equal(run.stdout.split('\n').filter((line) => line === 'closed').length, 1);
  t.same(await answers(places), expected(places, '2'));
  t.same(await run.stop(), { code: 0, signal: null });
});

t.test('by itself the same program listens where it is told, and leaves nothing behind', async (t) => {
  const places = await placesIn(workspace(t));
  const running = new Program(t, [program, ...words(places)]);
  await running.sees(/^listening$/m);
  t.same(await answers(places), expected(places, 'none'));
  running.signal('SIGTERM');
  t.same(await running.ended(), { code: 0, signal: null });
  t.equal(running.output, 'listening\nclosed\n');
  t.notOk(places.some(([, address]) => typeof address === 'string' && existsSync(address)));
});

t.test('datagrams cannot come by standard input', async (t) => {
  const port = String(await freePort());
  const run = new Run(t, [`--port=127.0.0.1:u${port}=0`, '--', process.execPath, program, `udp=${port}`]);
  await run.sees(
    /ListenError: cannot use the socket .*, descriptor 0: Node\.js takes no datagrams from descriptor 0; /,
  );
});

type Place = readonly [kind: Kind, address: Address];

/** Each kind on a port and on a path; datagrams on the port of http, under the same name. */
async function placesIn(directory: string): Promise<Place[]> {
  const places: Place[] = [];
  for (const kind of streams) places.push([kind, await freePort()], [kind, join(directory, kind)]);
  return [['udp', places[0]?.[1] ?? NaN], ...places];
}

function words(places: readonly Place[]): string[] {
  return places.map(([kind, address]) => `${kind}=${String(address)}`);
}

function answers(places: readonly Place[]): Promise<string[]> {
  return Promise.all(places.map(([kind, address]) => ask[kind](address)));
}

function expected(places: readonly Place[], generation: string): string[] {
  return places.map(([kind]) => `${kind} of generation ${generation}`);
}
