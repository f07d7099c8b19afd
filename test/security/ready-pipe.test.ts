/** What a worker writes to its SERVER_STARTER_READY_FD. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { room } from '../helpers/place/room.js';
import { Run } from '../helpers/running/starter.js';

/** A superdaemon whose worker runs this Perl, in which `$pipe` is the descriptor. */
function piped(t: Test, perl: string) {
  const cwd = room(t);
  const opened = 'open(my $pipe, ">&=", $ENV{SERVER_STARTER_READY_FD}) or die $!;';
  const run = new Run(t, ['--interval=0', '--ready=fd', '--', 'perl', '-e', `${opened} ${perl}; sleep 100`], { cwd });
  return { run, file: join(cwd, 'file') };
}

t.test('a line that is longer than what is read at once, in one write', async (t) => {
  const { run } = piped(t, 'syswrite($pipe, "x" x 20_000 . "\\n")');
  await run.sees(/^new worker \d+ is ready$/);
  t.same(await run.stop(), { code: 0, signal: null });
});

t.test('text without end and without a newline is closed, and is no failure by itself', async (t) => {
  const { run, file } = piped(t, '1 while syswrite($pipe, "x" x 4096); open(my $file, ">", "file"); print $file "$!"');
  await eventually('the close', () => existsSync(file), { seen: () => run.stderr });
  t.match(run.workers, { length: 1 });
  t.notMatch(run.stderr, /ready|died/);
  t.same(await run.stop(), { code: 0, signal: null });
});
