import t from 'tap';
import { withoutCommand } from '../helpers/place/installed.js';
import { example, fixture } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

const worker = [example('puma/run'), '-C', example('puma/puma.rb'), fixture('config.ru')];

// With its own defaults puma loses requests; examples/puma/puma.rb tells why and mends it.
t.test('swaps of puma lose no request', { skip: withoutCommand('puma') }, async (t) => {
  await losesNothing(t, { worker, sockets: ['port', 'path'] });
});
