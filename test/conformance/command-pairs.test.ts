/** --restart and --stop of either make, against a superdaemon of either make, and all four alike. */
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { command, saidBy, serving, type Said } from '../helpers/running/control.js';
import { settled } from '../helpers/side-by-side/settle.js';
import { original, ours, type Run, type Starter } from '../helpers/running/starter.js';
import type { StatusRun } from '../helpers/running/status-run.js';
import { withoutRemedies } from '../helpers/side-by-side/wording.js';

const reference = original();
const skip = reference === undefined && "Perl's start_server is not installed";
const starters = reference === undefined ? [] : [reference, ours];
const pairs = starters.flatMap((server) => starters.map((commander) => ({ server, commander })));
t.jobs = 4; // most of the time is waiting

/** What a command said, without Perl's ` at FILE line N.`, and with the superdaemon's pid as `SERVER`. */
async function said(run: Run, server = NaN): Promise<Said> {
  const { code, stderr } = await saidBy(run);
  const plain = withoutRemedies(stderr)
    .replace(/ at \S+ line \d+(, <\$fh> line \d+)?\.$/gm, '')
    .replace(`(pid:${String(server)})`, '(pid:SERVER)');
  return { code, stderr: plain };
}

/** Signals that come at a bad moment are lost by the original. */
async function rest(run: StatusRun): Promise<void> {
  await settled(run.pid, run.workers, { seen: () => run.stderr });
}

const stories: Record<string, { options?: string[]; words?: string[] }> = {
  'a quick worker': {},
  'a worker that lingers': { words: ['-l', '700'] },
  'a kill-old-delay': { options: ['--kill-old-delay=1'] },
  'signals of its own': { options: ['--signal-on-hup=QUIT', '--signal-on-term=INT', '--path=s'] },
};

async function swapAndStop(t: Test, server: Starter, commander: Starter, how: (typeof stories)[string]) {
  const run = await serving(t, how.words, { options: how.options ?? [], starter: server });
  await rest(run);
  const restarted = await said(command(t, 'restart', run.directory, { starter: commander }));
  const { status } = run;
  await rest(run);
  const stopped = await said(command(t, 'stop', run.directory, { starter: commander }), run.pid);
  const outcome = await run.ended();
  return { restarted, status, stopped, outcome, left: readdirSync(run.directory), story: run.story };
}

for (const [name, how] of Object.entries(stories)) {
  t.test(`restart, then stop: ${name}`, { skip, buffered: true }, async (t) => {
    const seen = await Promise.all(pairs.map(({ server, commander }) => swapAndStop(t, server, commander, how)));
    const [first, ...others] = seen;
    t.match(first, { restarted: { code: 0 }, status: '2:W2', stopped: { code: 0 }, left: [] });
    for (const other of others) t.same(other, first);
  });
}

t.test("another user's superdaemon", { skip: skip || (process.getuid?.() !== 0 && 'not root') }, async (t) => {
  const under = ['setpriv', '--reuid=65534', '--clear-groups', '--inh-caps=-all'];
  for (const server of starters) {
    const run = await serving(t, [], { starter: server });
    chmodSync(run.directory, 0o755);
    for (const [name, mode] of [
      ['restart', 0o644],
      ['stop', 0o644],
      ['stop', 0o666],
    ] as const) {
      chmodSync(join(run.directory, 'pid'), mode);
      const refusals = starters.map((starter) => said(command(t, name, run.directory, { starter, under }), run.pid));
      const [expected, found] = await Promise.all(refusals);
      t.match(found?.stderr, /Permission denied|not permitted/);
      t.same(found, expected);
    }
    await rest(run);
    await run.stop();
  }
});
