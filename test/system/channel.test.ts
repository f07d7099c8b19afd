/** Whatever standard error is, and however full: nobody waits for its reader, and no flag that workers share changes. */
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openChannel, type Channel } from '../../src/system/output/channel.js';
import { flagsOf } from '../helpers/processes/descriptor-flags.js';
import { eventually } from '../helpers/eventually.js';
import { sinks, type Sink } from '../helpers/output/sink.js';
import { workspace } from '../helpers/place/workspace.js';

function channelTo(descriptor: number): Channel {
  const channel = openChannel(descriptor);
  if (channel === undefined) throw new Error('nobody reads it');
  return channel;
}

for (const [kind, make] of Object.entries(sinks)) {
  t.test(`${kind} that is full takes nothing, and goes on when it is read`, async (t) => {
    const sink = await make(t);
    const channel = channelTo(sink.descriptor);
    t.equal(channel.take('one\xe9\n'), 5);
    await sink.fill();
    t.equal(channel.take('two\n'), 0);
    t.match(flagsOf(sink.descriptor), { nonBlocking: false });
    sink.read();
    // Asked for its text, the test's pipe is read.
    await eventually('room', () => sink.text() !== '' && channel.take('three\n') === 6, { seen: sink.text });
    await eventually('what it took', () => sink.text().endsWith('three\n'), { seen: sink.text });
    t.notMatch(sink.text(), 'two');
    channel.close();
  });

  t.test(`${kind} whose reader is gone`, async (t) => {
    const sink = await make(t);
    const channel = channelTo(sink.descriptor);
    await sink.close();
    t.equal(channel.take('to nobody\n'), undefined);
    t.equal(openChannel(sink.descriptor)?.take('nor here\n'), undefined);
    channel.close();
  });
}

const isRoot = process.getuid?.() === 0;

/** What one user has made and another one was handed, as by `su`, cannot be opened again. */
function channelOfAnother(sink: Sink): Channel {
  process.seteuid?.(65_534);
  try {
    return channelTo(sink.descriptor);
  } finally {
    process.seteuid?.(0);
  }
}

for (const kind of ['a pipe', 'a terminal']) {
  const skip = isRoot ? false : 'only root can play another user';
  t.test(`${kind} of another user is written by a thread, which alone waits`, { skip }, async (t) => {
    const sink = await sinks[kind]?.(t);
    if (sink === undefined) throw new Error(kind);
    const descriptors = readdirSync('/proc/self/fd').length;
    const channel = channelOfAnother(sink);
    t.equal(readdirSync('/proc/self/fd').length, descriptors, 'it is not opened again');
    await sink.fill();
    t.equal(channel.take('one\n'), 4, 'on its way');
    t.ok(channel.isBusy);
    t.equal(channel.take('two\n'), 0, 'one after the other');
    sink.read();
    await eventually('the end of the write', () => sink.text().endsWith('one\n') && !channel.isBusy);
    t.equal(channel.take('two\n'), 4);
    await eventually('the second', () => sink.text().endsWith('one\ntwo\n'), { seen: sink.text });
    t.match(flagsOf(sink.descriptor), { nonBlocking: false });
    channel.close();
  });
}

t.test('a file, and devices without end', (t) => {
  const file = join(workspace(t), 'file');
  for (const [path, taken] of [[file, 4], ['/dev/null', 4], ['/dev/full', undefined]] as const) {
    const descriptor = openSync(path, 'a');
    const channel = channelTo(descriptor);
    t.equal(channel.take('one\n'), taken, path);
    channel.close();
    closeSync(descriptor);
  }
  t.equal(readFileSync(file, 'latin1'), 'one\n');
  t.end();
}); // prettier-ignore

t.test('what is not open', (t) => {
  t.equal(openChannel(9999), undefined);
  t.end();
});

t.test('close leaves no descriptor behind', async (t) => {
  for (const make of Object.values(sinks)) {
    const sink = await make(t);
    const count = () => readdirSync('/proc/self/fd').length;
    const before = count();
    const channel = channelTo(sink.descriptor);
    channel.close();
    t.equal(count(), before);
    t.match(flagsOf(sink.descriptor), { nonBlocking: false }, 'and the one that was given open');
  }
});
