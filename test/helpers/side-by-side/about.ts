import { readFileSync, readlinkSync } from 'node:fs';
import { caller } from './given.js';

/** What /proc tells of a superdaemon; descriptors above 2 are not compared. */
export function aboutProcess(pid: number) {
  const of = `/proc/${String(pid)}`;
  const [, , group, session, terminal] =
    /^\d+ \(.*\) \S (\d+) (\d+) (\d+) (\d+)/s.exec(readFileSync(`${of}/stat`, 'latin1')) ?? [];
  return {
    cwd: readlinkSync(`${of}/cwd`),
    umask: /^Umask:\t(\d+)/m.exec(readFileSync(`${of}/status`, 'latin1'))?.[1],
    descriptors: [0, 1, 2].map((number) => readlinkSync(`${of}/fd/${String(number)}`).replace(/\[\d+\]/, '[inode]')),
    flags: [0, 1, 2].map((number) => flagsOf(`${of}/fdinfo/${String(number)}`)),
    group: Number(group) === caller.group ? "the caller's" : group === session ? 'that of its session' : 'another',
    session: Number(session) === caller.session ? "the caller's" : Number(session) === pid ? 'its own' : 'another',
    hasTerminal: terminal !== '0',
  };
}

/** The flags that fcntl(F_GETFL) tells, without close-on-exec, which node sets and no worker sees. */
function flagsOf(file: string): number {
  return parseInt(/^flags:\t(\d+)/m.exec(readFileSync(file, 'latin1'))?.[1] ?? '0', 8) & ~0o2000000;
}
