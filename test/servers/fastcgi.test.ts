import t from 'tap';
import { FastCgiClient } from '../helpers/load/fastcgi.js';
import { withoutPerlModule } from '../helpers/place/installed.js';
import { example } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

const plackup = ['plackup', '-s', 'FCGI', '-E', 'deployment', '-I', example('psgi'), '--manager=LeavingManager'];
const worker = [...plackup, '--nproc=5', example('psgi/app.psgi')];

// examples/psgi/LeavingManager.pm tells what is lost at TERM.
const options = ['--signal-on-hup=QUIT'];
const skip = ['FCGI', 'FCGI::ProcManager', 'Plack'].map(withoutPerlModule).find((reason) => reason !== false) ?? false;
const load = { client: (address: number | string) => new FastCgiClient(address) };

t.test("swaps of Plack's FastCGI handler lose no request", { skip }, async (t) => {
  await losesNothing(t, { worker, options, load });
});
