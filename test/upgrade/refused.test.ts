/** An installation that cannot go on with the run is refused by one line and exit code 75, and everything is as before. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import t, { type Test } from 'tap';
import { documentVersion } from '../../src/core/handover/document.js';
import { eventuallySame } from '../helpers/eventually.js';
import { descriptorsOf } from '../helpers/processes/processes.js';
import { room } from '../helpers/place/room.js';
import { original, plainEnvironment } from '../helpers/running/starter.js';
import { commanding } from '../helpers/running/control-socket.js';
import { childrenOf } from '../helpers/processes/children-of.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { Installed, refusal, upgrade, withoutUpgrade } from '../helpers/running/upgrades.js';

/** What of a process must not be other than it was. */
function standing(run: FaultRun) {
  const { pid, workers } = run;
  return {
    // Its random bytes are other ones after an exec.
    image: createHash('sha256').update(procFile(pid, 'auxv')).digest('hex'),
    workers,
    children: childrenOf(pid),
    signals: procFile(pid, 'status').match(/^Sig(?:Blk|Ign|Cgt):.*$/gm),
    files: ['pid', 'st', 's', 'c'].map((name) => run.has(name)),
    open: descriptorsOf(pid).sort(),
  };
}

/** A run from a package of its own, and with a node of its own, `node`. */
async function running(t: Test): Promise<{ run: FaultRun; installed: Installed; node: string }> {
  const installed = new Installed(t);
  const node = installed.linkNode();
  const words = ['--interval=0', '--port=127.0.0.1:0', '--path=s', '--pid-file=pid', '--status-file=st', '--control=c'];
  const env = { ...plainEnvironment(), SUPERDAEMON_NODE: node };
  const run = new FaultRun(t, [...words, '--', 'sleep', '99'], { cwd: room(t), starter: installed.starter, env });
  await run.until('the first worker', () => run.read('st') !== '');
  await upgrade(run); // from here on nothing of a start is left in it
  return { run, installed, node };
}

function edit(file: string, change: (text: string) => string): void {
  const before = readFileSync(file, 'latin1');
  const after = change(before);
  if (after === before) throw new Error(`nothing to change in ${file}`);
  writeFileSync(file, after, 'latin1');
}

/** A new file, as npm makes them: what is mapped into a process must not change under it. */
function replace(file: string, content: string): void {
  rmSync(file);
  writeFileSync(file, content);
}

const script = (lines: string) => (installed: Installed) => {
  installed.replaceNode(lines);
};

/** What is done to an installation, and the reason for which it is refused. */
const table: Record<
  string,
  { harm: (installed: Installed, node: string) => void; reason: RegExp; skip?: string | false }
> = {
  'the command is missing': {
    harm: (of) => rmSync(of.path('dist/command.js')),
    reason: /"start_server: \S*command\.js.* cannot be read/,
  },
  'the command is cut off': {
    harm: (of) => truncateSync(of.path('dist/command.js'), 50_000),
    reason: /says \S*command\.js:\d+: SyntaxError: /,
  },
  'the command is empty': { harm: (of) => truncateSync(of.path('dist/command.js'), 0), reason: /TypeError|says/ },
  'the addon is missing': { harm: (of) => rmSync(of.path('build/Release/superdaemon.node')), reason: /says/ },
  'the addon is no library': { harm: (of) => replace(of.path('build/Release/superdaemon.node'), 'x'), reason: /says/ },
  'the preloaded library is missing': {
    harm: (of) => rmSync(of.path('build/Release/preload.so')),
    reason: /says "this start_server runs without its preloaded library/,
  },
  'the preloaded library is no library': {
    harm: (of) => replace(of.path('build/Release/preload.so'), 'x'),
    reason: /says/,
  },
  'the launcher is missing': { harm: (of) => rmSync(of.path('bin/start_server')), reason: /No such file or directory/ },
  'the launcher may not be executed': {
    harm: (of) => chmodSync(of.path('bin/start_server'), 0o644),
    reason: /Permission denied/,
  },
  'the launcher is another program': {
    harm: (of) => writeFileSync(of.path('bin/start_server'), '#!/bin/sh\nexit 0\n'),
    reason: /says nothing and has ended: exit code 0/,
  },
  'the package is missing': {
    harm: (of) => renameSync(of.directory, `${of.directory} of before`),
    reason: /No such file or directory/,
  },
  'a wrapper that starts it is in its place': {
    harm: (of) => {
      renameSync(of.path('bin/start_server'), of.path('bin/itself'));
      writeFileSync(of.path('bin/start_server'), '#!/bin/sh\nexec "${0%/*}/../package/bin/itself" "$@"\n', {
        mode: 0o755,
      });
    },
    reason: /says ".*bin\/start_server\\" only starts .*bin\/itself\\"; put start_server itself there, or a link/,
  },
  "Perl's start_server is in its place": {
    harm: (of) => {
      rmSync(of.path('bin/start_server'));
      symlinkSync(original()?.command ?? '', of.path('bin/start_server'));
    },
    reason: /Unknown option: check-handover/,
    skip: original() === undefined && "Perl's start_server is not installed",
  },
  'node is missing': { harm: (_, node) => rmSync(node), reason: /SUPERDAEMON_NODE is \S+node.*no program/ },
  'node may not be executed': {
    harm: (_, node) => {
      rmSync(node);
      writeFileSync(node, '');
    },
    reason: /no program/,
  },
  'node is no program': { harm: script(''), reason: /says nothing and has ended: exit code 0/ },
  'node is too old': { harm: script("echo 'node v14 is too old' >&2; exit 127"), reason: /node v14 is too old/ },
  'node is killed': { harm: script('kill -9 $$'), reason: /says nothing and has ended: killed by signal KILL/ },
  'it knows another version of the document': {
    harm: (of) => {
      edit(of.path('dist/command.js'), (text) => {
        const [, name = ''] = /knows version \$\{String\(([\w$]+)\)\}/.exec(text) ?? [];
        return text.replace(`${name}=${String(documentVersion)}`, `${name}=99`);
      });
    },
    reason: new RegExp(`it is of version ${String(documentVersion)}`),
  },
  'it does not know an option': {
    harm: (of) => {
      edit(of.path('dist/command.js'), (text) => text.replace('name:"status-file"', 'name:"other-file"'));
    },
    reason: /Unknown option: status-file/,
  },
};

t.jobs = 3;
for (const [name, { harm, reason, skip = false }] of Object.entries(table))
  t.test(name, { buffered: true, skip: withoutUpgrade || skip }, async (t) => {
    const { run, installed, node } = await running(t);
    const before = standing(run);
    harm(installed, node);
    t.match(await refusal(run), reason);
    await eventuallySame(t, () => standing(run), before);
    const asked = commanding(t, ['--upgrade'], run.directory);
    t.same(await asked.ended(), { code: 75, signal: null });
    t.match(asked.stderr, /^the upgrade was refused: .*; everything goes on as before\n$/);
    t.equal(run.lines.filter((line) => line.startsWith('upgrade refused')).length, 2, 'one line each');
    run.signal('SIGHUP');
    await run.sees(/^old worker \d+ died/);
    rmSync(node, { force: true });
    mkdirSync(dirname(node), { recursive: true });
    installed.linkNode();
    installed.install();
    await upgrade(run, 2);
    t.same(await run.stop(), success);
  });

t.test('one that hangs is killed, by whoever finds it', { skip: withoutUpgrade }, async (t) => {
  const { run, installed } = await running(t);
  installed.replaceNode('echo yes >hangs; exec sleep 999');
  run.signal('SIGUSR2');
  await run.appears('hangs');
  const check = await run.until('the check', () => childrenOf(run.pid).find((pid) => pid !== run.worker(1)));
  run.signal('SIGUSR2'); // one that is under way is not begun again
  run.signal('SIGHUP');
  await run.sees(/^old worker \d+ died/);
  process.kill(check, 'SIGKILL');
  await run.sees(/^upgrade refused: .*has ended: killed by signal KILL/);
  t.same(await run.stop(), success);
});

t.test('an end during the check', { skip: withoutUpgrade }, async (t) => {
  const { run, installed } = await running(t);
  installed.replaceNode('exec sleep 99');
  const asked = commanding(t, ['--upgrade'], run.directory);
  await run.until('the check', () => childrenOf(run.pid).some((pid) => pid !== run.worker(1)));
  t.same(await run.stop(), success);
  t.same(await asked.ended(), { code: 1, signal: null });
  t.match(asked.stderr, 'start_server is about to end');
  t.notMatch(run.stderr, 'upgrade refused');
});
