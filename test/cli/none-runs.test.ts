/** --restart, --stop and --show-status where no start_server runs: one exit code, however it shows. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { controlled } from '../helpers/running/control-socket.js';
import { failing } from '../helpers/running/first-worker.js';
import type { StatusRun } from '../helpers/running/status-run.js';
import { workspace } from '../helpers/place/workspace.js';

const control = '--control=c';
const files = ['--pid-file=pid', '--status-file=st'];
const commands = ['--restart', '--stop', '--show-status'] as const;

/** What happened to the one that is looked for. */
const absences: Readonly<Record<string, (run: StatusRun) => Promise<unknown>>> = {
  'was stopped': (run) => run.stop(),
  'was killed': (run) => {
    run.signal('SIGKILL');
    run.kill(1);
    return run.ended();
  },
};

for (const [absence, end] of Object.entries(absences)) {
  t.test(`a start_server that ${absence}`, async (t) => {
    const run = await controlled(t);
    await end(run);
    const { directory: cwd } = run;
    for (const command of commands) {
      const alone = await failing(t, [command, control], { cwd });
      t.match(alone, {
        code: 1,
        stderr: /^failed to connect to control socket:c:.*; no start_server is running there/,
      });
      t.match(await failing(t, [command, control, ...files], { cwd }), { code: 1 }, `${command} with files as well`);
    }
    t.match(await failing(t, ['--show-status', ...files], { cwd }), { code: 1 }, 'by files alone');
  });
}

t.test('a directory that is not there', async (t) => {
  for (const command of commands)
    t.match(await failing(t, [command, '--control=no/c'], { cwd: workspace(t) }), { code: 1, stderr: /No such file/ });
});

t.test('command lines of the original end with its errno when the pid file is missing', async (t) => {
  for (const command of ['--restart', '--stop'])
    t.match(await failing(t, [command, ...files], { cwd: workspace(t) }), {
      code: 2,
      stderr: /^failed to open file:pid/,
    });
});

t.test('what stands in the way of asking is told by its errno', async (t) => {
  const cwd = workspace(t);
  writeFileSync(join(cwd, 'file'), '');
  for (const command of commands)
    t.match(await failing(t, [command, '--control=file/c'], { cwd }), { code: 20, stderr: /Not a directory/ });
});
