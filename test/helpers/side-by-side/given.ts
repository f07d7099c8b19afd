import { readFileSync } from 'node:fs';
import { descriptors } from '../running/first-worker.js';
import type { Names } from './naming.js';
import type { ProbeDump, ProbedDescriptor } from '../processes/probe.js';

/** How the original numbers sockets that have no fixed number: the first one is 4, or 5 where there is a log. */
export interface Numbering {
  readonly first: number;
  readonly fixed: ReadonlySet<number>;
}

const ourFirst = 3;

/** What a worker was given, without what differs between any two runs, and with our numbers of the sockets. */
export function comparable(dump: ProbeDump, names: Names, numbering: Numbering) {
  const { pid, ppid, pgid, sid, ...facts } = dump.process;
  const moved = (number: number) =>
    numbering.fixed.has(number) || number < numbering.first ? number : number - numbering.first + ourFirst;
  const isSocket = ({ mode }: ProbedDescriptor) => (mode & 0o170000) === 0o140000;
  const own = new Set(descriptors(dump));
  return {
    argv: dump.argv,
    worker: names.of(String(pid)),
    parent: names.of(String(ppid)),
    group: pgid === caller.group ? "the caller's" : pgid === sid ? 'that of its session' : 'another',
    session: sid === caller.session ? "the caller's" : sid === pid ? 'its own' : 'another',
    environ: dump.environ
      .map((entry) =>
        entry.startsWith('SERVER_STARTER_PORT=')
          ? entry.replace(
              /=(\d+)(?=;|$)/g,
              (_, number: string) =>
                `=${moved(Number(number)) === Number(number) ? number : String(moved(Number(number)))}`,
            )
          : entry,
      )
      .sort(),
    process: facts,
    limits: [...dump.limits],
    fds: [...dump.fds]
      .filter(([number]) => own.has(number))
      .map(([number, fd]) => ({ number: isSocket(fd) ? moved(number) : number, ...steady(fd) }))
      .sort((a, b) => a.number - b.number),
  };
}

export const caller = groupAndSession();

function groupAndSession(): { group: number; session: number } {
  const [, group, session] = /^\d+ \(.*\) \S \d+ (\d+) (\d+)/s.exec(readFileSync('/proc/self/stat', 'latin1')) ?? [];
  return { group: Number(group), session: Number(session) };
}

function steady({ target, name, options, ...facts }: ProbedDescriptor) {
  const { SO_REUSEADDR: reuse, ...others } = options;
  return {
    ...facts,
    target: target.replace(/\[\d+\]/, '[inode]'),
    // The system has chosen such a port.
    name: name?.replace(/:(?:3[2-9]|[4-6]\d)\d{3}$/, ':chosen'),
    // The original sets it on UDP sockets too, which lets a second instance take the traffic.
    options: others['SO_TYPE'] === 2 ? others : { ...others, SO_REUSEADDR: reuse },
  };
}
