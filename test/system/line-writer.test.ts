import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { LineWriter } from '../../src/system/output/line-writer.js';
import { flagsOf } from '../helpers/processes/descriptor-flags.js';
import { eventually } from '../helpers/eventually.js';
import { sinks } from '../helpers/output/sink.js';
import { TestPipe } from '../helpers/output/test-pipe.js';
import { withoutStrace, wholeCalls } from '../helpers/processes/strace.js';
import { workspace } from '../helpers/place/workspace.js';

/** How many lines LineWriter keeps for a reader. */
const kept = 1000;

const numbered = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => `line ${String(from + index)}`);

function writeAll(writer: LineWriter, lines: readonly string[]): void {
  for (const line of lines) writer.write(line);
}

function writerTo(t: Test, descriptor: number): LineWriter {
  const writer = new LineWriter(descriptor);
  t.teardown(() => {
    writer.close();
  });
  return writer;
}

t.test('lines arrive at once, byte by byte, each with its newline', (t) => {
  const pipe = new TestPipe(t);
  writeAll(writerTo(t, pipe.writing), ['one', '', '\xff\xc3(', 'x'.repeat(4000)]);
  t.equal(pipe.read(), `one\n\n\xff\xc3(\n${'x'.repeat(4000)}\n`);
  t.end();
});

t.test('lines of several writers never mix', async (t) => {
  const pipe = new TestPipe(t);
  const other = 'w'.repeat(300);
  const echo = `i=0; while [ $i -lt 3000 ]; do echo ${other}; i=$((i+1)); done`;
  const workers = [1, 2].map(() => spawn('sh', ['-c', echo], { stdio: ['ignore', pipe.writing, 'ignore'] }));
  const ends = Promise.all(workers.map((worker) => once(worker, 'exit')));
  const writer = writerTo(t, pipe.writing);
  const own = numbered(kept).map((line) => line.padEnd(300, 's'));
  for (let index = 0; index < kept; index += 10) {
    writeAll(writer, own.slice(index, index + 10));
    pipe.keepReading();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await eventually('all lines', () => pipe.keepReading().length >= (kept + 6000) * 301);
  await ends;
  t.same(
    pipe.lines.filter((line) => line !== other),
    own,
  );
});

t.test('each line is one write(2)', { skip: withoutStrace }, async (t) => {
  const pipe = new TestPipe(t);
  const trace = join(workspace(t), 'trace');
  const strace = spawn('strace', ['-f', '-q', '-e', 'trace=write,writev', '-o', trace, '-p', String(process.pid)]);
  t.teardown(() => strace.kill('SIGKILL'));
  const isTraced = () => !/^TracerPid:\t0$/m.test(readFileSync('/proc/thread-self/status', 'latin1'));
  await eventually('strace', isTraced);
  const writer = writerTo(t, pipe.writing);
  writeAll(writer, ['soon 1', 'soon 2']);
  pipe.fill();
  writeAll(writer, ['late 1', 'late 2', 'late 3']);
  await eventually('all lines', () => pipe.keepReading().includes('late 3\n'));
  strace.kill('SIGINT');
  await once(strace, 'exit');
  const calls = wholeCalls(readFileSync(trace, 'latin1'));
  const written = [...calls.matchAll(/writev?\(\d+, "((?:soon|late).*?)", \d+\) += (\S+)/g)];
  t.same(
    written.filter(([, , result]) => result !== '-1').map(([, text]) => text),
    ['soon 1\\n', 'soon 2\\n', 'late 1\\n', 'late 2\\n', 'late 3\\n'],
  );
});

t.test('a full pipe holds up nobody, and what waits comes in order', async (t) => {
  const pipe = new TestPipe(t);
  const writer = writerTo(t, pipe.writing);
  pipe.fill();
  writeAll(writer, numbered(500)); // would never return if it waited: nobody reads yet
  pipe.keepReading();
  // One that finds room again does not overtake those that wait.
  writeAll(writer, numbered(1, 501));
  await eventually('all lines', () => pipe.keepReading().includes('line 501\n'));
  t.same(pipe.lines, numbered(501));
});

t.test('a bounded number of lines waits; how many were dropped is told after them, once', async (t) => {
  const pipe = new TestPipe(t);
  const writer = writerTo(t, pipe.writing);
  for (const dropped of [1, 500]) {
    pipe.fill();
    writeAll(writer, numbered(kept + dropped));
    const told = `${String(dropped)} lines were dropped while the log was not read`;
    await eventually(told, () => pipe.keepReading().includes('were dropped'), { seen: () => pipe.lines.join('\n') });
    t.same(pipe.lines, [...numbered(kept), told]);
    writer.write('and on it goes');
    t.equal(pipe.read(), 'and on it goes\n');
    pipe.forget();
  }
});

for (const [kind, make] of Object.entries(sinks)) {
  t.test(`${kind} that is not read: nobody waits, and what was dropped is told when it is read again`, async (t) => {
    const sink = await make(t);
    const writer = writerTo(t, sink.descriptor);
    await sink.fill();
    writeAll(writer, numbered(kept + 5));
    sink.read();
    const told = '\n5 lines were dropped while the log was not read\n';
    await eventually(told, () => sink.text().endsWith(told), { seen: sink.text });
    const lines = sink.text().slice(sink.text().indexOf('line 1\n'), -told.length).split('\n');
    t.same(lines, numbered(kept));
    writer.write('and on it goes');
    await eventually('the next line', () => sink.text().endsWith(`${told}and on it goes\n`), { seen: sink.text });
  });
}

t.test('flush waits for the reader, and no longer than it may', async (t) => {
  const pipe = new TestPipe(t);
  const writer = writerTo(t, pipe.writing);
  await writer.flush(60_000); // comes back: nothing waits
  pipe.fill();
  writer.write('one');
  await writer.flush(20);
  pipe.keepReading();
  t.equal(pipe.keepReading(), '', 'not read, not written');
  await writer.flush(60_000);
  t.equal(pipe.keepReading(), 'one\n');
});

t.test('the open file that others share stays blocking', async (t) => {
  const pipe = new TestPipe(t);
  const before = flagsOf(pipe.writing);
  const writer = writerTo(t, pipe.writing);
  writer.write('one');
  t.same(flagsOf(pipe.writing), before);
  t.equal(before.nonBlocking, false);
  pipe.fill();
  writeAll(writer, ['two', 'three']);
  t.same(flagsOf(pipe.writing), before, 'also while lines wait');
  await eventually('all lines', () => pipe.keepReading().includes('three\n'));
  t.same(flagsOf(pipe.writing), before);
});

/** As a Node worker does that is killed after its first touch of process.stderr. */
function makeNonBlocking(descriptor: number): void {
  const meddling = 'process.stderr._handle; process.kill(process.pid, "SIGKILL")';
  spawnSync(process.execPath, ['-e', meddling], { stdio: ['ignore', 'ignore', descriptor] });
  if (!flagsOf(descriptor).nonBlocking) throw new Error('node no longer makes pipes non-blocking');
}

t.test('a pipe that somebody else made non-blocking loses nothing', async (t) => {
  const pipe = new TestPipe(t);
  const writer = writerTo(t, pipe.writing);
  makeNonBlocking(pipe.writing);
  pipe.fill();
  writeAll(writer, numbered(100));
  // Behind the write of the first line, in the same threads.
  for (let round = 0; round < 10; round += 1) await readFile('/dev/null');
  await eventually('all lines', () => pipe.keepReading().includes('line 100\n'), { seen: () => pipe.lines.join('\n') });
  t.same(pipe.lines, numbered(100));
});

t.test('a line longer than the room in the pipe arrives whole', async (t) => {
  const pipe = new TestPipe(t);
  const writer = writerTo(t, pipe.writing);
  pipe.fill();
  pipe.read(8192);
  const long = 'x'.repeat(20_000);
  writeAll(writer, [long, 'after it']);
  await eventually('all lines', () => pipe.keepReading().includes('after it\n'));
  t.same(pipe.lines, [long, 'after it']);
});

t.test('a reader that is gone disturbs nobody, a later one is given what comes then', async (t) => {
  const pipe = new TestPipe(t);
  const writer = writerTo(t, pipe.writing);
  pipe.fill();
  writeAll(writer, numbered(kept + 10));
  pipe.closeReading();
  const late = writerTo(t, pipe.writing);
  for (const each of [writer, late]) {
    t.doesNotThrow(() => {
      writeAll(each, numbered(10));
    });
  }
  pipe.openReading();
  await eventually('the end of the queue', () => pipe.keepReading().includes('were dropped'));
  pipe.forget();
  writer.write('one');
  late.write('two');
  t.equal(pipe.read(), 'one\ntwo\n');
});

const isRoot = process.getuid?.() === 0;
const onlyRoot = 'only root can play another user';

function asAnother<T>(act: () => T): T {
  const nobody = 65_534;
  process.seteuid?.(nobody);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
  }
}

t.test("another user's pipe, which cannot be opened again", { skip: isRoot ? false : onlyRoot }, async (t) => {
  const pipe = new TestPipe(t);
  const writer = asAnother(() => writerTo(t, pipe.writing));
  writeAll(writer, numbered(3));
  await writer.flush(60_000);
  t.equal(pipe.read(), 'line 1\nline 2\nline 3\n');
});

t.test("another user's pipe, made non-blocking, loses nothing", { skip: isRoot ? false : onlyRoot }, async (t) => {
  const pipe = new TestPipe(t);
  const writer = asAnother(() => writerTo(t, pipe.writing));
  makeNonBlocking(pipe.writing);
  pipe.fill();
  writeAll(writer, numbered(kept));
  const last = `line ${String(kept)}\n`;
  await eventually('the last line', () => pipe.keepReading().endsWith(last), { seen: () => pipe.lines.join('\n') });
  t.same(pipe.lines, numbered(kept));
});

t.test('what is no pipe', (t) => {
  const file = join(workspace(t), 'file');
  for (const [path, how] of [[file, 'a'], ['/dev/null', 'w'], ['/dev/full', 'w'], [file, 'r']] as const) {
    const descriptor = openSync(path, how);
    writeAll(writerTo(t, descriptor), numbered(2));
    closeSync(descriptor);
  }
  t.equal(readFileSync(file, 'latin1'), 'line 1\nline 2\n');
  writerTo(t, 9999).write('to nobody');
  t.end();
}); // prettier-ignore

t.test('close leaves no descriptor behind, and the pipe open', (t) => {
  const pipe = new TestPipe(t);
  const count = () => readdirSync('/proc/self/fd').length;
  const before = count();
  const writer = new LineWriter(pipe.writing);
  t.equal(count(), before + 1, 'an open file of its own');
  writer.close();
  t.equal(count(), before);
  t.equal(writeSync(pipe.writing, 'x'), 1);
  t.end();
});
