import { existsSync } from 'node:fs';
import t from 'tap';
import { withoutCommand } from '../helpers/place/installed.js';
import { example, fixture } from '../helpers/place/samples.js';
import { original, ours } from '../helpers/running/starter.js';
import { withoutStrace } from '../helpers/processes/strace.js';
import { swapUnderLoad } from '../helpers/load/swaps.js';

const plugin = existsSync('/usr/lib/uwsgi/plugins/psgi_plugin.so') ? false : "uwsgi's psgi plugin is not installed";
const skip = withoutCommand('uwsgi') || plugin;
const uwsgi = ['--master', '--processes=4', '--plugin=psgi', `--psgi=${fixture('app.psgi')}`];
const worker = [example('uwsgi/run'), ...uwsgi];

// A process of uwsgi that is told to end between accept(2) and the note that it is busy exits with the connection. That
// is about one request in 20,000 here; all that fails is reset, and nobody is refused.
t.test('ten swaps of uwsgi lose next to no request', { skip }, async (t) => {
  const report = await swapUnderLoad(t, { worker, hups: 10, sockets: ['port', 'path'] });
  const { ECONNRESET: reset = 0, ...others } = report.failures;
  t.comment(`${String(report.requests)} requests, ${String(reset)} of them reset`);
  t.same(others, {});
  t.ok(reset <= 10, 'at most one in each swap');
  t.ok(report.requests > 2000);
  t.equal(report.generations.size, 11, 'every generation has answered');
  t.equal(report.addresses.size, 2, 'every socket has been asked');
});

for (const starter of [ours, original()]) {
  const name = starter?.name ?? "Perl's start_server";
  const unable = skip || withoutStrace || (starter === undefined && `${name} is not installed`);
  t.test(`a connection that uwsgi has just accepted is lost under ${name}`, { skip: unable }, async (t) => {
    const slow = [fixture('slow-accept.sh'), ...worker];
    const { failures } = await swapUnderLoad(t, { worker: slow, hups: 2, ...(starter && { starter }) });
    t.same(Object.keys(failures), ['ECONNRESET']);
  });
}
