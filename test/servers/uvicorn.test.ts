import { spawnSync } from 'node:child_process';
import t from 'tap';
import { example, fixture } from '../helpers/place/samples.js';
import { losesNothing } from '../helpers/load/swaps.js';

// Debian's package is for Debian's Python, whatever PATH says.
const python = '/usr/bin/python3';
const skip = spawnSync(python, ['-c', 'import uvicorn']).status === 0 ? false : 'uvicorn is not installed';
const worker = ['env', `PYTHONPATH=${fixture('.')}`, python, '-B', example('uvicorn/serve.py'), 'app:asgi'];

// `python3 -m uvicorn --fd` loses requests; examples/uvicorn/serve.py tells why and mends it.
t.test('swaps of uvicorn lose no request', { skip }, async (t) => {
  await losesNothing(t, { worker, sockets: ['port', 'path'], onKept: 50 });
});
