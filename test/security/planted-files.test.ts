/** What another user of the machine has planted where the pid file or the log shall be: refused, and nothing is touched. */
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
} from 'node:fs';
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openDirectoryAbove, openSafely } from '../../src/system/files/safe-open.js';
import { PidFile } from '../../src/system/files/pid-file.js';
import { workspace } from '../helpers/place/workspace.js';

/** Nobody in particular. */
const stranger = 54321;
const skip = process.getuid?.() !== 0 && 'only root can be a second user';

const lock = (path: string) => PidFile.lock(path);
const log = (path: string) => openSafely(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);

interface Place {
  readonly uid?: number;
  readonly gid?: number;
  readonly mode?: number;
}

const places = {
  private: {},
  sticky: { mode: 0o1777 },
  open: { mode: 0o777 },
  'of a stranger': { uid: stranger },
  "of a stranger's group": { gid: stranger, mode: 0o775 },
  'of our group': { mode: 0o775 },
} satisfies Record<string, Place>;

function place(t: Test, { uid = 0, gid = 0, mode = 0o755 }: Place): string {
  const directory = join(workspace(t), 'place');
  mkdirSync(directory);
  chownSync(directory, uid, gid);
  chmodSync(directory, mode);
  return directory;
}

/** All that must not change of a file that a link leads to. */
function stateOf(path: string) {
  const { ino, mode, uid, gid, size, mtimeNs } = statSync(path, { bigint: true });
  return { ino, mode, uid, gid, size, mtimeNs, content: readFileSync(path, 'latin1') };
}

function victimIn(t: Test): string {
  const path = join(workspace(t), 'victim');
  writeFileSync(path, 'precious\n');
  chmodSync(path, 0o640);
  return path;
}

const byStranger = 'foreign link';
const replaceable = 'open directory';
const links: readonly (readonly [where: keyof typeof places, owner: number, refusal: string | undefined])[] = [
  ['private', 0, undefined],
  ['sticky', 0, undefined],
  ['of our group', 0, undefined],
  ['open', 0, replaceable],
  ['of a stranger', 0, replaceable],
  ["of a stranger's group", 0, replaceable],
  ['private', stranger, byStranger],
  ['sticky', stranger, byStranger],
  ['of a stranger', stranger, byStranger],
];
t.test('a link is followed only where root or this user alone can have put it', { skip }, (t) => {
  for (const [where, owner, refusal] of links) {
    const path = join(place(t, places[where]), 'file');
    const note = `${where}, link of ${String(owner)}`;
    const victim = victimIn(t);
    const before = stateOf(victim);
    symlinkSync(victim, path);
    lchownSync(path, owner, 0);
    for (const open of [() => log(path), () => (PidFile.lock(path).unlock(), openSync('/dev/null', 'r'))]) {
      if (refusal === undefined) t.doesNotThrow(() => closeSync(open()), note);
      else t.throws(open, { code: 'ELOOP', errno: -40, syscall: 'open', kind: refusal }, note);
    }
    t.same(stateOf(victim), before, `${note}: the file is as it was`);
  }
  t.end();
});

t.test('a link to nowhere makes no file there', { skip }, (t) => {
  for (const owner of [0, stranger]) {
    const directory = place(t, places['of a stranger']);
    symlinkSync('made', join(directory, 'file'));
    lchownSync(join(directory, 'file'), owner, 0);
    t.throws(() => log(join(directory, 'file')), { code: 'ELOOP' });
    t.throws(() => lock(join(directory, 'file')), { code: 'ELOOP' });
    t.equal(lstatSync(join(directory, 'made'), { throwIfNoEntry: false }), undefined);
  }
  t.end();
});

t.test('each of several links counts, and they lead where the kernel would go', { skip }, (t) => {
  const theirs = place(t, places['of a stranger']);
  const ours = place(t, places.private);
  const victim = victimIn(t);
  symlinkSync(victim, join(theirs, 'second'));
  symlinkSync(join(theirs, 'second'), join(ours, 'first'));
  t.throws(() => log(join(ours, 'first')), { code: 'ELOOP', kind: replaceable });

  mkdirSync(join(ours, 'deep', 'deeper'), { recursive: true });
  symlinkSync('deep/deeper', join(ours, 'short'));
  symlinkSync('../log', join(ours, 'deep', 'deeper', 'link'));
  closeSync(log(join(ours, 'short', 'link')));
  t.ok(lstatSync(join(ours, 'deep', 'log')).isFile(), 'not by the text of the path');

  symlinkSync('loop', join(ours, 'loop'));
  t.throws(() => log(join(ours, 'loop')), { code: 'ELOOP' });
  for (const path of ['/dev/fd/', '/proc/self/fd/'])
    t.doesNotThrow(() => closeSync(log(`${path}${String(openSync(join(ours, 'deep', 'log'), 'r+'))}`)), path);
  t.end();
});

t.test('another name of a file is taken only where nobody else could give it one', { skip }, (t) => {
  for (const [where, refused] of [
    ['private', false],
    ['sticky', true],
    ['open', true],
    ['of a stranger', true],
  ] as const) {
    const directory = place(t, places[where]);
    const path = join(directory, 'file');
    writeFileSync(join(directory, 'victim'), 'precious\n');
    linkSync(join(directory, 'victim'), path);
    const before = stateOf(join(directory, 'victim'));
    for (const open of [() => closeSync(log(path)), () => PidFile.lock(path).unlock()]) {
      if (refused) t.throws(open, { code: 'EMLINK', kind: 'second name' }, where);
      else t.doesNotThrow(open, where);
    }
    t.same(stateOf(join(directory, 'victim')), before);
  }
  t.end();
});

t.test('what is no file', { skip }, (t) => {
  const directory = place(t, places.sticky);
  const path = (name: string) => join(directory, name);
  for (const name of ['theirs', 'ours']) execFileSync('mkfifo', [path(name)]);
  chownSync(path('theirs'), stranger, stranger);
  t.throws(() => log(path('theirs')), { code: 'EINVAL', kind: 'pipe' }, 'and not waited for');
  const reader = openSync(path('ours'), constants.O_RDWR);
  t.doesNotThrow(() => closeSync(log(path('ours'))), 'a log may be a pipe');
  closeSync(reader);
  t.throws(() => lock(path('ours')), { code: 'EINVAL', kind: 'no file' });
  t.throws(() => lock('/dev/null'), { code: 'EINVAL', kind: 'no file' });
  t.ok(lstatSync('/dev/null').isCharacterDevice(), 'the original removes it');
  t.doesNotThrow(() => closeSync(log('/dev/null')));
  mkdirSync(path('directory'));
  for (const open of [log, lock]) t.throws(() => void open(path('directory')), { code: 'EISDIR' });
  t.end();
});

t.test('a file that is there keeps its mode and its owner', { skip }, (t) => {
  for (const [uid, mode] of [
    [0, 0o600],
    [0, 0o4755],
    [stranger, 0o644],
  ] as const) {
    const path = join(place(t, places.sticky), 'file');
    writeFileSync(path, '');
    chownSync(path, uid, 0);
    chmodSync(path, mode);
    closeSync(openSync(path, 'r'));
    closeSync(openSafely(path, constants.O_WRONLY | constants.O_APPEND));
    const file = PidFile.lock(path);
    file.unlock();
    t.match(stateOf(path), { uid: BigInt(uid), mode: BigInt(0o100000 | mode) });
  }
  t.end();
});

const immutable = spawnSync('chattr', ['-V'], { stdio: 'ignore' }).error !== undefined && 'chattr is not installed';
t.test('an immutable file is refused by the system, and stays', { skip: skip || immutable }, (t) => {
  const path = join(place(t, places.private), 'file');
  writeFileSync(path, 'as it was');
  if (spawnSync('chattr', ['+i', path], { stdio: 'ignore' }).status !== 0) {
    t.comment('this file system has no immutable files');
    t.end();
    return;
  }
  t.teardown(() => spawnSync('chattr', ['-i', path]));
  for (const open of [log, lock]) t.throws(() => void open(path), { code: 'EPERM' });
  t.equal(readFileSync(path, 'latin1'), 'as it was');
  t.end();
});

t.test('the nearest directory in which others may replace a file is told', { skip }, (t) => {
  for (const [where, told] of [
    ['private', false],
    ['sticky', false],
    ['of our group', false],
    ['open', true],
    ['of a stranger', true],
    ["of a stranger's group", true],
  ] as const) {
    const directory = place(t, places[where]);
    mkdirSync(join(directory, 'ours'));
    const expected = told ? directory : undefined;
    t.equal(openDirectoryAbove(join(directory, 'file')), expected, where);
    t.equal(openDirectoryAbove(join(directory, 'ours', 'file')), expected, `${where}, one below`);
    const link = join(place(t, places.private), 'link');
    symlinkSync(join(directory, 'ours', 'file'), link);
    writeFileSync(join(directory, 'ours', 'file'), '');
    t.equal(openDirectoryAbove(link), expected, `${where}, behind a link`);
  }
  t.equal(openDirectoryAbove('/nonexistent/file'), undefined);
  t.end();
});
