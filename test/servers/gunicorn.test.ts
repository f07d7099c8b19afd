import t from 'tap';
import { withoutCommand } from '../helpers/place/installed.js';
import { example, fixture } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

const python = ['env', 'PYTHONDONTWRITEBYTECODE=1'];
const worker = [...python, example('gunicorn/run'), `--pythonpath=${fixture('.')}`, '--workers=4', 'app:wsgi'];

// Its ordinary workers keep no connections. On the unix socket examples/gunicorn/run is shown to leave the file alone.
t.test('swaps of gunicorn lose no request', { skip: withoutCommand('gunicorn') }, async (t) => {
  await losesNothing(t, { worker, sockets: ['port', 'path'] });
});
