/** A daemon outlives the terminal it was started in. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { eventually } from '../helpers/eventually.js';
import { script } from '../helpers/processes/native.js';
import { parseDump, probe } from '../helpers/processes/probe.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { room } from '../helpers/place/room.js';
import { isAlive, ours, plainEnvironment } from '../helpers/running/starter.js';

const skip = spawnSync('script', ['-qec', 'true', '/dev/null']).status !== 0 && 'script(1) makes no terminal here';

for (const logger of [false, true]) {
  const what = logger ? 'the daemon and its logger live on' : 'the daemon lives on';
  t.test(`${what} when the terminal is closed`, { skip }, async (t) => {
    const cwd = room(t);
    const log = logger ? "'| tee -a log'" : 'log';
    const words = `--daemonize --pid-file=pid --interval=0 --log-file ${log} -- '${probe()}' -o dump -e events`;
    script(join(cwd, 'command'), `#!/bin/sh\n'${ours.command}' ${words}\necho ended with $?\nexec sleep 100\n`);
    const terminal = spawn('script', ['-qec', './command', 'typescript'], {
      cwd,
      env: plainEnvironment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let shown = '';
    terminal.stdout.setEncoding('latin1').on('data', (text: string) => (shown += text));
    const read = (name: string) => (existsSync(join(cwd, name)) ? readFileSync(join(cwd, name), 'latin1') : '');
    await eventually('the daemon', () => shown.includes('ended with'), { seen: () => shown });
    t.match(shown, /starting now\.\.\.\r\nended with 0\r\n$/);
    const daemon = Number(read('pid'));
    await eventually('the worker', () => read('events').includes('START'));
    const { process: worker, fds } = parseDump(read('dump'));
    t.notOk(worker.hasTerminal);
    t.same([...fds.values()].filter(({ target }) => /pts|tty/.test(target)), []); // prettier-ignore
    t.same(descriptorsOf(daemon).filter((line) => /pts|tty/.test(line)), []); // prettier-ignore

    terminal.kill('SIGKILL');
    await once(terminal, 'close');
    process.kill(daemon, 'SIGHUP');
    await eventually('the answer', () => /^old worker \d+ died/m.test(read('log')), { seen: () => read('log') });
    t.ok(isAlive(daemon));
    t.equal(read('log').match(/^received HUP/gm)?.length, 1, 'none came from the terminal');
    t.notMatch(read('events'), /gen=1 SIG HUP/);
    process.kill(daemon, 'SIGTERM');
    await eventually('the end', () => !isAlive(daemon));
    await eventually('the last line', () => read('log').endsWith('exiting\n'));
  });
}
