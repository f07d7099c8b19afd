import { readFileSync, readlinkSync } from 'node:fs';
import { caller } from './given.js';

/** What a superdaemon is like, as /proc tells it; its descriptors above 2 are its own affair. */
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

/** As fcntl(F_GETFL) tells them; node sets close-on-exec, which no worker sees. */
function flagsOf(file: string): number {
  return parseInt(/^flags:\t(\d+)/m.exec(readFileSync(file, 'latin1'))?.[1] ?? '0', 8) & ~0o2000000;
}
