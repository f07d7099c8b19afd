import { existsSync } from 'node:fs';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { ask } from '../helpers/load/ask.js';
import { compiled } from '../helpers/place/compile.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { example } from '../helpers/place/samples.js';
import { original, ours, Run } from '../helpers/running/starter.js';
import { freePort } from '../helpers/place/ports.js';
import { processesBelow, room } from '../helpers/place/room.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { manySwaps, swapUnderLoad } from '../helpers/load/swaps.js';

const plugin = existsSync('/usr/lib/uwsgi/plugins/psgi_plugin.so') ? false : "uwsgi's psgi plugin is not installed";
const skip = withoutCommand('uwsgi') || plugin;
const [hups, processes] = [manySwaps, 4];
const uwsgi = ['--master', `--processes=${String(processes)}`, '--plugin=psgi', `--psgi=${example('psgi/app.psgi')}`];
const worker = [example('uwsgi/run'), ...uwsgi];

// A process of uwsgi that is told to end between accept(2) and the note that it is busy exits with the connection. That
// is about one request in 20,000 here; all that fails is reset, and nobody is refused.
t.test('swaps of uwsgi lose next to no request', { skip }, async (t) => {
  const report = await swapUnderLoad(t, { worker, hups, sockets: ['port', 'path'] });
  const { ECONNRESET: reset = 0, ...others } = report.failures;
  t.comment(`${String(report.requests)} requests, ${String(reset)} of them reset`);
  t.same(others, {});
  t.ok(reset <= hups * processes, 'at most one of each process');
  t.equal(report.generations.size, hups + 1, 'every generation has answered');
  t.equal(report.addresses.size, 2, 'every socket has been asked');
});

/** Two states of a process in /proc: stopped, and with a signal that it has not taken in yet. */
const isStopped = (pid: number) => /^State:\tT/m.test(procFile(pid, 'status'));
const isToldSomething = (pid: number) => /^(Sig|Shd)Pnd:\t.*[1-9a-f]/m.test(procFile(pid, 'status'));

for (const starter of [ours, original()]) {
  const name = starter?.name ?? "Perl's start_server";
  const unable = skip || (starter === undefined && `${name} is not installed`);
  t.test(`a connection that uwsgi has just accepted is lost under ${name}`, { skip: unable }, async (t) => {
    const cwd = room(t);
    const port = await freePort();
    const stopping = compiled('stop-after-accept.so', ['stop-after-accept.c'], ['-shared', '-fPIC']);
    const program = ['env', `LD_PRELOAD=${stopping}`, ...worker];
    const run = new Run(t, [`--port=127.0.0.1:${String(port)}`, '--interval=1', '--', ...program], {
      cwd,
      ...(starter && { starter }),
    });
    await run.sees(/^starting new worker/);
    const answer = ask.http(port).catch((error: unknown) => error);
    const stopped = await eventually('a process that has accepted it', () => processesBelow(cwd).find(isStopped));
    run.signal('SIGHUP');
    await eventually('it is told to end', () => isToldSomething(stopped), { seen: () => run.stderr });
    process.kill(stopped, 'SIGCONT');
    t.match(await answer, { code: 'ECONNRESET' });
  });
}
