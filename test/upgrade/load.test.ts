/** Clients do not notice that start_server becomes another image, however often. */
import { join } from 'node:path';
import t from 'tap';
import { Load } from '../helpers/load/load.js';
import { eventually } from '../helpers/eventually.js';
import { room } from '../helpers/place/room.js';
import { freePort } from '../helpers/place/ports.js';
import { example } from '../helpers/place/samples.js';
import { isAlive } from '../helpers/running/starter.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { upgrade, withoutUpgrade } from '../helpers/running/upgrades.js';

/** `UPGRADES=100 npm test -- test/upgrade/load.test.ts` for more. */
const upgrades = Number(process.env['UPGRADES'] ?? 10);

t.test(
  'twenty clients on TCP and unix lose no request, and the worker is the same',
  { skip: withoutUpgrade },
  async (t) => {
    const cwd = room(t);
    const port = await freePort();
    const words = ['--interval=0', `--port=127.0.0.1:${String(port)}`, '--path=s', '--', process.execPath];
    const run = new FaultRun(t, [...words, example('http-worker.js')], { cwd });
    await run.sees(/^starting new worker/); // by then its sockets are bound
    const load = new Load({ addresses: [port, join(cwd, 's')], connections: 20, keptAlive: 10, thinking: 0 });
    t.teardown(() => load.stop());
    await eventually('an answer', () => load.report.generations.has(1), { seen: () => JSON.stringify(load.report) });
    for (let times = 1; times <= upgrades; times += 1) await upgrade(run, times);
    const { failures, requests, addresses } = await load.stop();
    t.same(failures, {});
    t.equal(addresses.size, 2);
    t.equal(run.workers.length, 1);
    t.ok(isAlive(run.worker(1)));
    t.comment(`${String(requests)} requests over ${String(upgrades)} upgrades`);
    t.same(await run.stop(), success);
  },
);
