/** A descriptor of the caller that lies above a limit which was lowered after it was opened reaches workers all the same. */
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { after } from '../helpers/running/shells.js';
import { room } from '../helpers/place/room.js';
import { original, ours, Run } from '../helpers/running/starter.js';

for (const starter of [ours, original()]) {
  const skip = starter === undefined && "Perl's start_server is not installed";
  t.test(starter?.name ?? "Perl's start_server", { skip }, async (t) => {
    const cwd = room(t);
    const under = after('exec 200>kept; ulimit -n 100');
    const worker = ['sh', '-c', 'readlink /proc/$$/fd/200; exec sleep 100'];
    const run = new Run(t, ['--interval=1', '--', ...worker], { cwd, under, ...(starter && { starter }) });
    await eventually('the descriptor', () => run.stdout === `${cwd}/kept\n`, { seen: () => run.stdout + run.stderr });
    t.same(await run.stop(), { code: 0, signal: null });
  });
}
