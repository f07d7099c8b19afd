/**
 * Which node wakes: the one at its path, as long as it is made of the same files; else the last one, from the files that were
 * kept open. A wake that fails is tried again, and nothing is lost meanwhile.
 */
import { copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import t, { type Test } from 'tap';
import { environmentAsleep } from '../../src/system/engine/sleeper.js';
import {
  awake,
  fallAsleep,
  filesOfImage,
  isAsleep,
  sleepRequest,
  withoutSleeper,
  type Files,
} from '../helpers/images/asleep.js';
import { childrenOf } from '../helpers/processes/children-of.js';
import { eventually } from '../helpers/eventually.js';
import type { Image } from '../helpers/images/image.js';
import { procFile } from '../helpers/processes/proc-file.js';
import { withoutNamespace } from '../helpers/running/namespace-run.js';

const skip = withoutSleeper;
const { SIGTERM } = constants.signals;

const read = ({ pid }: Image, file: string) => procFile(pid, file);

/** Its script, by the open file. */
const link = '/proc/self/fd/4';

/** The image that a TERM wakes ends as it should. */
async function endsByTerm(t: Test, image: Image, files: Files, expected: 'as before' | 'the last'): Promise<void> {
  process.kill(image.pid, SIGTERM);
  await image.is(2);
  t.equal(read(image, 'cmdline').split('\0')[1], expected === 'the last' ? link : files.script, expected);
  t.same(await image.sees('TERM', () => image.signals.length > 0 && image.signals), [SIGTERM]);
  t.ok(read(image, 'maps').includes(files.library), 'the library holds its signals');
  image.exec({ file: '/bin/true', args: ['true'], env: [], keep: [] });
  t.same(await image.sees('its end', () => image.ended), { code: 0, signal: null });
}

/** Something other at that path, by a rename as npm and package managers do it. */
function replaced(file: string, content: string): void {
  writeFileSync(`${file}.new`, content, { mode: 0o755 });
  renameSync(`${file}.new`, file);
}

const broken = 'throw new Error("never tried")\n';

/** As npm does where an installation fails. */
function movedAndBack({ directory }: Files): void {
  renameSync(directory, `${directory}.away`);
  renameSync(`${directory}.away`, directory);
}

const changes: [name: string, change: (files: Files) => unknown, expected: 'as before' | 'the last'][] = [
  ['nothing has changed', () => undefined, 'as before'],
  ['the script was replaced', ({ script }) => replaced(script, broken), 'the last'],
  ['the script was removed', ({ script }) => rmSync(script), 'the last'],
  ['the library was replaced', ({ library }) => replaced(library, 'no library'), 'the last'],
  ['the library was removed', ({ library }) => rmSync(library), 'the last'],
  ['node was replaced', ({ node }) => replaced(node, `#!/bin/sh\n${broken}`), 'the last'],
  ['node was removed', ({ node }) => rmSync(node), 'the last'],
  ['all was removed', ({ directory }) => rmSync(directory, { recursive: true }), 'the last'],
  ['all was moved away and back', movedAndBack, 'as before'],
];

for (const [name, change, expected] of changes)
  t.test(`sleeper: ${name}`, { skip }, async (t) => {
    const files = filesOfImage(t);
    const image = await awake(t, files, { cwd: files.directory });
    await fallAsleep(image, sleepRequest(files, 2));
    change(files);
    await endsByTerm(t, image, files, expected);
  });

t.test('sleeper: the last link to node is gone', { skip }, async (t) => {
  const files = filesOfImage(t, 'copy');
  const image = await awake(t, files);
  await fallAsleep(image, sleepRequest(files, 2));
  rmSync(files.node);
  await endsByTerm(t, image, files, 'the last');
});

t.test('sleeper: node was written over, so that there is no last one any more', { skip }, async (t) => {
  const files = filesOfImage(t, 'copy');
  const image = await awake(t, files);
  await fallAsleep(image, sleepRequest(files, 2));
  copyFileSync(process.execPath, files.node);
  await endsByTerm(t, image, files, 'as before');
});

t.test('sleeper: the environment of the last node', { skip }, async (t) => {
  const files = filesOfImage(t);
  const image = await awake(t, files);
  const request = sleepRequest(files, 2, { environment: ['A=1', 'BYTES=\xff=x', 'A=2'] });
  await fallAsleep(image, request);
  rmSync(files.library);
  process.kill(image.pid, SIGTERM);
  await image.is(2);
  const others = request.env.filter((entry) => !/^(LD_PRELOAD|SUPERDAEMON_LAST_\w+)=/.test(entry));
  const own = ['LD_PRELOAD=/proc/self/fd/5', 'NODE_PRESERVE_SYMLINKS_MAIN=1'];
  t.same(read(image, 'environ').split('\0').slice(0, -1), [...others, ...own]);
});

t.test('sleeper: what else the caller had preloaded stays preloaded', (t) => {
  const held = { NODE: { fd: 3, path: '/node' }, SCRIPT: { fd: 4, path: '/s' }, PRELOAD: { fd: 15, path: '/p' } };
  const cases: [entries: string[], expected: string][] = [
    [['LD_PRELOAD=/p'], '/proc/self/fd/15'],
    [['LD_PRELOAD=/p:/a:/b'], '/proc/self/fd/15:/a:/b'],
    [['A=1', 'LD_PRELOAD=/p /a'], '/proc/self/fd/15:/a'],
    [[], '/proc/self/fd/15'],
  ];
  for (const [environment, expected] of cases) {
    const asleep = environmentAsleep({ environment, signals: [], readable: [], held });
    t.ok(asleep.includes(`SUPERDAEMON_LAST_LD_PRELOAD=${expected}`), expected);
  }
  t.end();
});

t.test('sleeper: as process 1 of a container', { skip: skip || withoutNamespace() }, async (t) => {
  const files = filesOfImage(t);
  const image = await awake(t, files, { under: ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'] });
  const [first = NaN] = childrenOf(image.pid);
  image.exec(sleepRequest(files, 2));
  await eventually('the sleeper', () => isAsleep(first));
  process.kill(first, SIGTERM);
  await image.is(2);
  t.same(await image.sees('TERM', () => image.signals.length > 0 && image.signals), [SIGTERM]);
});
