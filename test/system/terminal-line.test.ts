/** The bytes that a terminal gets to see. */
import { closeSync, openSync } from 'node:fs';
import t, { type Test } from 'tap';
import { TerminalLine } from '../../src/system/output/terminal-line.js';
import { eventually } from '../helpers/eventually.js';
import { Terminal } from '../helpers/output/terminal.js';

/** What a terminal of this kind has been sent after these calls. */
async function sent(t: Test, kind: string | undefined, calls: (line: TerminalLine) => void): Promise<string> {
  const terminal = await Terminal.open(t);
  const line = TerminalLine.open(terminal.descriptor, kind);
  if (line === undefined) throw new Error('no terminal');
  calls(line);
  line.show('the', ' end');
  terminal.read();
  const end = kind === 'xterm' ? '\rthe end\x1b[K' : 'the\n';
  await eventually('the end', () => terminal.text.endsWith(end), { seen: () => terminal.text });
  return terminal.text.slice(0, -end.length);
}

t.test('it is drawn in place, and only when it has changed', async (t) => {
  const text = await sent(t, 'xterm', (line) => {
    line.erase();
    line.show('waiting', ', 1 s');
    line.show('waiting', ', 1 s');
    line.show('waiting', ', 2 s');
    line.erase();
    line.erase();
    line.show('waiting', ', 3 s');
    line.end();
  });
  t.equal(text, '\rwaiting, 1 s\x1b[K\rwaiting, 2 s\x1b[K\r\x1b[K\rwaiting, 3 s\x1b[K\n');
});

t.test('it is cut off by characters where the line ends, and moves no cursor', async (t) => {
  const text = await sent(t, 'xterm', (line) => {
    line.show(`\xc3\xa4\x1b${'x'.repeat(100)}`, '');
  });
  t.equal(Buffer.from(text, 'latin1').toString(), `\r\xe4\\x1b${'x'.repeat(74)}\x1b[K`);
});

for (const kind of ['dumb', '', undefined]) {
  t.test(`TERM ${kind ?? 'unset'}: a line for each state, and no escapes`, async (t) => {
    const text = await sent(t, kind, (line) => {
      line.show('waiting', ', 1 s');
      line.show('waiting', ', 2 s');
      line.erase();
      line.show('waiting', ', 3 s');
      line.show('serving', '');
      line.end();
    });
    t.equal(text, 'waiting\nserving\n');
  });
}

t.test('a terminal that was stopped holds nobody up', async (t) => {
  const terminal = await Terminal.open(t);
  const line = TerminalLine.open(terminal.descriptor, 'xterm');
  await terminal.stop();
  line?.show('waiting', '');
  line?.end();
  t.pass();
});

t.test('what is no terminal is not drawn on', (t) => {
  const device = openSync('/dev/null', 'w');
  t.equal(TerminalLine.open(device, 'xterm'), undefined);
  closeSync(device);
  t.end();
});
