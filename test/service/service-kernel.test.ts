import t, { type Test } from 'tap';
import { ServiceKernel, type KernelParts } from '../../src/service/service-kernel.js';
import { Inbox } from '../../src/system/loop/inbox.js';
import type { Told } from '../../src/system/readiness/readiness.js';

const nothing: Told = { words: [], isAll: true };

interface Rig {
  readonly kernel: ServiceKernel;
  readonly inbox: Inbox;
}

/** A kernel without children, in which nothing happens but what these parts tell. */
function kernelOf(t: Test, doors: Partial<Doors>): Rig {
  const { take = () => nothing, reload = unwanted, reopen = unwanted, turn = () => Infinity } = doors;
  const inbox = new Inbox();
  t.teardown(() => {
    inbox.close();
  });
  const parts: KernelParts = {
    inbox,
    children: { start: unwanted, nextEnded: () => undefined },
    commands: {
      get settings() {
        return unwanted();
      },
      reload,
      startWorker: unwanted,
      layOut: unwanted,
      reopen,
      takesEndOf: unwanted,
      writeStatus: unwanted,
      adopt: unwanted,
      drop: unwanted,
    },
    say: unwanted,
    words: { take, forget: unwanted },
    turn,
  };
  return { kernel: new ServiceKernel(parts), inbox };
}

interface Doors {
  readonly take: () => Told;
  readonly reload: () => void;
  readonly reopen: () => undefined;
  readonly turn: (now: number) => number;
}

function unwanted(): never {
  throw new Error('not asked for here');
}

t.test('what workers tell is asked for again while there is more, and not before the last is taken', async (t) => {
  const said = (text: string) => ({ type: 'said', pid: 7, text }) as const;
  const turns: Told[] = [
    { words: [], isAll: false },
    { words: [said('a'), said('b')], isAll: false },
    { words: [said('c')], isAll: true },
  ];
  const { kernel } = kernelOf(t, { take: () => turns.shift() ?? nothing });
  const left: [text: string, turns: number][] = [];
  for (let count = 0; count < 3; count += 1) {
    const event = await kernel.nextEvent(undefined);
    if (event.type === 'said') left.push([event.text, turns.length]);
  }
  t.same(left, [
    ['a', 1],
    ['b', 1],
    ['c', 0],
  ]);
});

t.test('between two readings of the envdir lies ten times as long as one takes', async (t) => {
  const { kernel, inbox } = kernelOf(t, {
    reload: () => {
      const end = kernel.now() + 40;
      while (kernel.now() < end);
    },
  });
  inbox.settingsMayHaveChanged();
  t.match(await kernel.nextEvent(undefined), { type: 'settings changed' });
  const read = kernel.now();
  inbox.settingsMayHaveChanged();
  t.match(await kernel.nextEvent(undefined), { type: 'settings changed' });
  t.ok(kernel.now() - read >= 400);
});

t.test('a rotation of the log comes before what else has happened, and is no event', async (t) => {
  let reopened = 0;
  const reopen = () => {
    reopened += 1;
    return undefined;
  };
  const { kernel, inbox } = kernelOf(t, { reopen });
  inbox.requestRestart();
  inbox.requestReopening();
  t.match(await kernel.nextEvent(undefined), { type: 'signal', signal: 'HUP' });
  t.equal(reopened, 1);
});

t.test('who wants to be called at each turn is called also when there is always something to do', async (t) => {
  const word = { type: 'said', pid: 7, text: 'a' } as const;
  let turns = 0;
  const turn = () => {
    turns += 1;
    return Infinity;
  };
  const { kernel } = kernelOf(t, { take: () => ({ words: [word], isAll: false }), turn });
  for (let count = 1; count <= 3; count += 1) {
    t.match(await kernel.nextEvent(undefined), { type: 'said' });
    t.equal(turns, count);
  }
});

t.test('and when it wants to be, though nothing happens', async (t) => {
  let calls = 0;
  const { kernel, inbox } = kernelOf(t, {
    turn: (now) => {
      calls += 1;
      if (calls === 3) inbox.requestRestart();
      return now + 1;
    },
  });
  t.match(await kernel.nextEvent(undefined), { type: 'signal', signal: 'HUP' });
  t.equal(calls, 3);
});

for (const [first, second] of [
  ['restart', 'cancel'],
  ['cancel', 'restart'],
] as const) {
  t.test(`a ${first} and a ${second} in one turn are taken in that order`, async (t) => {
    const { kernel, inbox } = kernelOf(t, {});
    const ask = {
      restart: () => {
        inbox.requestRestart();
      },
      cancel: () => {
        inbox.requestCancel();
      },
    };
    for (const what of [first, second]) ask[what]();
    const taken = [await kernel.nextEvent(undefined), await kernel.nextEvent(undefined)];
    const types = { restart: 'signal', cancel: 'cancel' } as const;
    t.same(
      taken.map(({ type }) => type),
      [types[first], types[second]],
    );
  });
}
