/** What a terminal tells of itself. */
import { closeSync, openSync } from 'node:fs';
import t from 'tap';
import { addon } from '../../src/system/engine/addon.js';
import { Terminal } from '../helpers/output/terminal.js';

t.test('a terminal of another session has no background', async (t) => {
  const terminal = await Terminal.open(t);
  t.same(addon.describeTerminal(terminal.descriptor), { columns: 0, isInBackground: false });
});

t.test('what is no terminal', (t) => {
  const device = openSync('/dev/null', 'r');
  t.throws(() => addon.describeTerminal(device), { code: 'ENOTTY', syscall: 'tcgetattr' });
  closeSync(device);
  t.throws(() => addon.describeTerminal(device), { code: 'EBADF' });
  t.throws(() => addon.describeTerminal('2' as never), TypeError);
  t.end();
});
