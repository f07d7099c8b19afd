/** Never an escape sequence: on pipes, on a terminal, whatever NO_COLOR and its like say, and whatever is in a value. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { failing } from '../helpers/running/first-worker.js';
import { withoutCommand } from '../helpers/place/installed.js';
import { LoggedRun } from '../helpers/running/logged-run.js';
import { ours, plainEnvironment } from '../helpers/running/starter.js';
import { workspace } from '../helpers/place/workspace.js';

const escape = '\x1b';
const wishes: Readonly<Record<string, NodeJS.ProcessEnv>> = {
  'no wish': {},
  NO_COLOR: { NO_COLOR: '1' },
  FORCE_COLOR: { FORCE_COLOR: '3', CLICOLOR_FORCE: '1', TERM: 'xterm-256color', COLORTERM: 'truecolor' },
};
const commandLines = [
  '--help',
  '--version',
  '--prot=80',
  '--interval=x -- true',
  '--stop --pid-file=none',
  '--port=x -- true',
];

for (const [wish, env] of Object.entries(wishes)) {
  t.test(`on pipes, with ${wish}`, async (t) => {
    const runs = commandLines.map((line) => failing(t, line.split(' '), { env: { ...plainEnvironment(), ...env } }));
    for (const { stdout, stderr } of await Promise.all(runs)) {
      t.not(stdout + stderr, '');
      t.notOk((stdout + stderr).includes(escape), stdout + stderr);
    }
  });

  t.test(`in the log, with ${wish}`, async (t) => {
    const run = new LoggedRun(t, ['--interval=0', '--log-file=log', '--', 'sleep', '99'], {
      env: { ...plainEnvironment(), ...env },
    });
    await run.logs(/^starting new worker/);
    run.signal('SIGHUP');
    await run.logs(/^old worker \d+ died/);
    await run.stop();
    t.match(run.read(), /^exiting$/m);
    t.notOk(run.read().includes(escape));
  });

  const skip = withoutCommand('script');
  t.test(`on a terminal, with ${wish}`, { skip }, (t) => {
    const typescript = join(workspace(t), 'typescript');
    const all = commandLines.map((line) => `"$STARTER" ${line}`).join('; ');
    spawnSync('script', ['--quiet', '--command', all, typescript], {
      env: { ...plainEnvironment(), TERM: 'xterm', ...env, STARTER: ours.command },
      stdio: 'ignore',
    });
    const shown = existsSync(typescript) ? readFileSync(typescript, 'latin1') : '';
    t.match(shown, /Unknown option: prot;.*\r\n(.*\r\n)*invalid ``port'' value:x;/);
    t.notOk(shown.includes(escape), shown);
    t.end();
  });
}

t.test('what is typed cannot move the cursor either', async (t) => {
  const red = `${escape}[31mred`;
  for (const words of [
    [`--interval=${red}`],
    [`--${red}`],
    [`--port=${red}`, '--', 'true'],
    ['--stop', `--pid-file=${red}`],
  ]) {
    const { stderr } = await failing(t, words);
    t.match(stderr, String.raw`\x1b[31mred`);
    t.notOk(stderr.includes(escape), JSON.stringify(stderr));
  }
});
