/** The other image is gone on with as soon as it has answered; what becomes of the child that was asked matters no more. */
import t, { type Test } from 'tap';
import { eventually } from '../helpers/eventually.js';
import { room } from '../helpers/place/room.js';
import { killQuietly } from '../helpers/processes/kill-quietly.js';
import { childrenOf } from '../helpers/processes/children-of.js';
import { FaultRun, success } from '../helpers/running/faults.js';
import { plainEnvironment } from '../helpers/running/starter.js';
import { Installed, refusal, upgrade, withoutUpgrade } from '../helpers/running/upgrades.js';

const skip = withoutUpgrade;

/** The answer of an image that agrees, and cannot be started. */
const nowhere = JSON.stringify({
  ...{ superdaemon: '', node: '', file: '/nowhere/node', name: 'none' },
  ...{ preload: '', furtherPreloaded: '', withheld: [] },
});

/** A run whose node can be replaced by a script, which does `answering` in place of the child that is asked. */
async function running(t: Test) {
  const installed = new Installed(t);
  const env = { ...plainEnvironment(), SUPERDAEMON_NODE: installed.linkNode() };
  const words = ['--interval=0', '--pid-file=pid', '--', 'sleep', '99'];
  const run = new FaultRun(t, words, { cwd: room(t), starter: installed.starter, env });
  await run.until('the first worker', () => run.workers.length > 0);
  const answering = (lines: string) => {
    const asked = `case $SUPERDAEMON_HANDOVER in check:*) ${lines} ;; esac`;
    installed.replaceNode(`${asked}\nexec '${process.execPath}' "$@"`);
  };
  /** The children that were asked and have not ended. */
  const asked = () => childrenOf(run.pid).filter((pid) => !run.workers.includes(pid));
  /** Kills them, and waits until they are reaped. */
  const endAsked = async () => {
    for (const child of asked()) killQuietly(child);
    await eventually('their end', () => asked().length === 0);
  };
  return { run, answering, asked, endAsked };
}

t.test('a child that stays is not waited for, and its end is told to nobody', { skip }, async (t) => {
  const { run, answering, asked, endAsked } = await running(t);
  answering(`'${process.execPath}' "$@"; exec sleep 99`);
  await upgrade(run);
  t.equal(asked().length, 1);
  await endAsked();
  await upgrade(run, 2);
  t.notMatch(run.stderr, /died|refused/);
  run.signal('SIGTERM');
  t.match(await run.ended(), success);
});

t.test(
  'where the answer leads nowhere, the end of that child does not count as the answer of the next',
  { skip },
  async (t) => {
    const { run, answering, asked, endAsked } = await running(t);
    answering(`printf %s '${nowhere}' >&4; exec sleep 99`);
    t.match(await refusal(run), /^execve\(2\) failed: No such file or directory/);
    t.equal(asked().length, 1);
    answering('exec false');
    t.match(await refusal(run, 2), /says nothing and has ended: exit code 1/);
    await endAsked();
    t.notMatch(run.stderr, /died/, 'nobody is told of the end of the first');
    answering('');
    await upgrade(run);
    run.signal('SIGTERM');
    t.match(await run.ended(), success);
  },
);

t.test('an answer that no program can be started by is none: other characters than bytes', { skip }, async (t) => {
  const { run, answering } = await running(t);
  for (const [index, wrong] of [nowhere.replace('/node', '/\\u4e00'), nowhere.replace('/node', '/\\u0000')].entries()) {
    answering(`printf %s '${wrong}' >&4; exit 0`);
    t.match(await refusal(run, index + 1), /says nothing and has ended/);
  }
  run.signal('SIGTERM');
  t.match(await run.ended(), success);
});

t.test('half an answer is none', { skip }, async (t) => {
  const { run, answering } = await running(t);
  answering(`printf %s '{"superdaemon":"9.9.9","node":' >&4; exit 0`);
  t.match(await refusal(run), /says nothing and has ended/);
  run.signal('SIGTERM');
  t.match(await run.ended(), success);
});
