import t, { type Test } from 'tap';
import { PosixKernel, type KernelParts } from '../../src/system/loop/posix-kernel.js';
import type { Told } from '../../src/system/readiness/readiness.js';

const nothing: Told = { words: [], isAll: true };

/** A kernel without children, in which nothing happens but what these parts tell. */
function kernelOf(t: Test, parts: Partial<KernelParts>): PosixKernel {
  const unwanted = () => {
    throw new Error('not asked for here');
  };
  const kernel = new PosixKernel({
    settings: unwanted,
    spawn: unwanted,
    log: unwanted,
    writeStatus: unwanted,
    reloadSettings: unwanted,
    takesEndOf: unwanted,
    nextEnded: () => undefined,
    words: () => nothing,
    ...parts,
  });
  t.teardown(() => {
    kernel.close();
  });
  return kernel;
}

t.test('what workers tell is asked for again while there is more, and not before the last is taken', async (t) => {
  const said = (text: string) => ({ type: 'said', pid: 7, text }) as const;
  const turns: Told[] = [
    { words: [], isAll: false },
    { words: [said('a'), said('b')], isAll: false },
    { words: [said('c')], isAll: true },
  ];
  const kernel = kernelOf(t, { words: () => turns.shift() ?? nothing });
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
  const kernel = kernelOf(t, {
    reloadSettings: () => {
      const end = kernel.now() + 40;
      while (kernel.now() < end);
    },
  });
  kernel.settingsMayHaveChanged();
  t.match(await kernel.nextEvent(undefined), { type: 'settings changed' });
  const read = kernel.now();
  kernel.settingsMayHaveChanged();
  t.match(await kernel.nextEvent(undefined), { type: 'settings changed' });
  t.ok(kernel.now() - read >= 400);
});
