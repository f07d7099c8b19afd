/** A worker that is started before the decision about it, as the loop of a service has it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import t from 'tap';
import { StartedAhead } from '../../src/service/started-ahead.js';
import type { CarriedOut, SpawnOrder } from '../../src/system/engine/addon.js';

const plan = { request: { file: '/worker', args: ['/worker'], env: [], fds: [] }, output: 2 };

interface Rig {
  readonly ahead: StartedAhead;
  readonly orders: SpawnOrder[];
}

function rig(carriedOut: CarriedOut | undefined, laidOut: typeof plan | undefined = plan): Rig {
  const orders: SpawnOrder[] = [];
  const children = { order: (order: SpawnOrder) => orders.push(order), withdraw: () => carriedOut };
  return { ahead: new StartedAhead(children, { layOut: () => laidOut }), orders };
}

t.test('a HUP or a death that was answered is the next event, and its worker is claimed once', (t) => {
  const started = { pid: 9, size: 4 };
  const table: [carriedOut: CarriedOut, event: unknown][] = [
    [started, { type: 'signal', signal: 'HUP', now: 5 }],
    [
      { ...started, ended: { pid: 7, status: 256 } },
      { type: 'died', pid: 7, status: 256, now: 5 },
    ],
  ];
  for (const [carriedOut, event] of table) {
    const { ahead, orders } = rig(carriedOut);
    ahead.stand({ generation: 4, atDeathOf: 7 });
    t.match(orders, [{ ...plan, signal: 1, endOf: 7 }]);
    t.same(ahead.withdraw(5), event);
    t.equal(ahead.claim(3), undefined, 'of another generation');
    t.equal(ahead.claim(4), carriedOut);
    t.equal(ahead.claim(4), undefined);
  }
  t.end();
});

t.test('nothing is ordered where nothing is decided ahead, or the worker cannot be laid out', (t) => {
  const [undecided, unlaid] = [rig(undefined), rig(undefined)];
  undecided.ahead.stand(undefined);
  const late = new StartedAhead(
    { order: (order) => unlaid.orders.push(order), withdraw: () => undefined },
    { layOut: () => undefined },
  );
  late.stand({ generation: 4 });
  t.same([undecided.orders, unlaid.orders], [[], []]);
  t.same([undecided.ahead.withdraw(5), late.withdraw(5)], [undefined, undefined]);
  t.end();
});

t.test('a worker that no decision asks for is not left behind', async (t) => {
  const child = spawn('sleep', ['100'], { stdio: 'ignore' });
  const gone = once(child, 'exit');
  const { ahead } = rig({ pid: child.pid ?? 0, size: 0 });
  ahead.stand({ generation: 4 });
  ahead.withdraw(5);
  ahead.dismiss();
  t.same(await gone, [null, 'SIGKILL']);
});
