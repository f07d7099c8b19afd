/** h2o brings a start_server of its own for its modes `master` and `daemon`. Ours in its place does the same. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ask } from '../helpers/load/ask.js';
import { eventually } from '../helpers/eventually.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { freePort } from '../helpers/place/ports.js';
import { room } from '../helpers/place/room.js';
import { ours, plainEnvironment } from '../helpers/running/starter.js';

const share = '/usr/share/h2o';

for (const mode of ['master', 'daemon']) {
  t.test(`h2o --mode=${mode} with our start_server`, { skip: withoutCommand('h2o') }, async (t) => {
    const cwd = room(t);
    chmodSync(cwd, 0o755); // it reads files as another user
    const port = await freePort();
    mkdirSync(join(cwd, 'share/h2o'), { recursive: true });
    for (const name of readdirSync(share)) {
      symlinkSync(name === 'start_server' ? ours.command : join(share, name), join(cwd, 'share/h2o', name));
    }
    writeFileSync(join(cwd, 'index.html'), 'hello');
    writeFileSync(join(cwd, 'h2o.conf'), config(cwd, port));
    spawn('h2o', [`--mode=${mode}`, '--conf=h2o.conf'], {
      cwd,
      env: { ...plainEnvironment(), H2O_ROOT: cwd },
      stdio: 'ignore',
    });
    const read = (name: string) => (existsSync(join(cwd, name)) ? readFileSync(join(cwd, name), 'latin1') : '');
    const seen = { seen: () => read('log') };
    await eventually('the first worker', () => read('log').includes('is ready to serve requests'), seen);
    const pid = Number(read('pid'));
    t.equal(await ask.http(port), 'hello');
    process.kill(pid, 'SIGHUP');
    // h2o writes its farewell to the same file, piece by piece, so that our line may stand behind a letter of it.
    await eventually('the swap', () => /old worker \d+ died, status:0$/m.test(read('log')), seen);
    t.equal(await ask.http(port), 'hello');
    t.equal(Number(read('pid')), pid);
    process.kill(pid, 'SIGTERM');
    await eventually('the end', () => read('log').endsWith('exiting\n'), seen);
    await eventually('the end of the pid file', () => !existsSync(join(cwd, 'pid')));
  });
}

function config(cwd: string, port: number): string {
  return `
pid-file: ${cwd}/pid
error-log: ${cwd}/log
listen: { host: 127.0.0.1, port: ${String(port)} }
hosts: { default: { paths: { /: { file.dir: ${cwd} } } } }
`;
}
