import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import t from 'tap';
import { signalNumbers } from '../../src/core/command-line/signal-name.js';
import { withoutPerl } from '../helpers/running/original.js';

const skip = withoutPerl() || (process.platform !== 'linux' && 'the names of real-time signals are those of Linux');

t.test('the names of signals are those that Perl knows', { skip }, (t) => {
  const config = spawnSync('perl', ['-MConfig', '-e', 'print "@Config{qw(sig_name sig_num)}"'], { encoding: 'latin1' });
  const words = config.stdout.trim().split(/\s+/);
  const names = words.slice(0, words.length / 2);
  const numbers = words.slice(words.length / 2).map(Number);
  const perls = names.map((name, index) => [name, numbers[index]] as const).filter(([name]) => name !== 'ZERO');
  const ours = signalNumbers({ names: constants.signals, highest: 64 });
  t.same(Object.fromEntries(ours), Object.fromEntries(perls));
  t.end();
});
