/** start_server started by npm, as docs/troubleshooting.md says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { freePort } from '../helpers/place/ports.js';
import { room } from '../helpers/place/room.js';
import { example } from '../helpers/place/samples.js';
import { ours, plainEnvironment } from '../helpers/running/starter.js';

t.test(
  'TERM for npm reaches a start_server that its script starts by exec',
  { skip: withoutCommand('npm') },
  async (t) => {
    const cwd = room(t);
    const options = `--port=127.0.0.1:${String(await freePort())} --log-file=log`;
    const start = `exec '${ours.command}' ${options} -- '${process.execPath}' '${example('http-worker.js')}'`;
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'started-by-npm', scripts: { start } }));
    const npm = spawn('npm', ['start'], { cwd, env: plainEnvironment(), stdio: 'ignore' });
    const ended = once(npm, 'exit');
    const log = () => (existsSync(join(cwd, 'log')) ? readFileSync(join(cwd, 'log'), 'latin1') : '');
    await eventually('the worker', () => log().includes('starting new worker'), { seen: log });
    npm.kill('SIGTERM');
    await ended;
    await eventually('the end', () => log().endsWith('exiting\n'), { seen: log });
    t.match(log(), /^received TERM, sending TERM to all workers/m);
  },
);
