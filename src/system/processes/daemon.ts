/**
 * The two sides of `--daemonize`. node cannot fork itself, so the process in the foreground runs the whole command again as
 * a daemon, with all that it has inherited, and waits on a pipe until the daemon has its first worker.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { ReportPart } from '../../core/handover/document.js';
import { addon } from '../engine/addon.js';
import type { Keep } from '../engine/keep.js';
import { daemonVariable, handedDown, inPlace, lowestBeside, nodeVariable, type Inheritance } from './inheritance.js';
import { calledAs } from '../engine/arguments.js';

/** What the daemon tells: that its first worker is forked, or that it ends, and with which exit code. */
const standing = 'standing';
const ended = /^ended (\d+)$/;

/**
 * Starts the daemon with these arguments and waits until its first worker is forked (0), or until it has ended (its exit
 * code; undefined when it was killed). Until then it writes its messages to our standard error.
 */
export function runAsDaemon(argv: readonly string[], inheritance: Inheritance): number | undefined {
  const { environment, descriptors } = inheritance;
  const [reading, writing] = addon.pipe();
  const report = lowestBeside(descriptors);
  const leader = addon.spawn({
    file: calledAs(),
    args: [calledAs(), ...argv],
    env: [
      ...environment,
      ...addon.environ().filter((entry) => entry.startsWith(`${nodeVariable}=`)), // kept from workers, not from the daemon
      `${daemonVariable}=${String(report)},${String(process.pid)}`,
    ],
    fds: [[openSync('/dev/null', 'r'), 0], ...inPlace(descriptors.filter((number) => number > 0)), [writing, report]],
    ...handedDown(inheritance),
    daemon: true,
  });
  closeSync(writing);
  const told = readFileSync(reading, 'latin1').trim();
  addon.waitpid(leader);
  const code = ended.exec(told)?.[1];
  if (told === standing) return 0;
  return code === undefined ? undefined : Number(code);
}

/** The daemon's side: tells the process in the foreground how the start went, once. */
export class DaemonReport {
  #descriptor: number | undefined;
  /** The pid of the process in the foreground, which the start line names as in the original. */
  readonly foreground: number;

  private constructor(descriptor: number | undefined, foreground: number) {
    this.#descriptor = descriptor;
    this.foreground = foreground;
  }

  /** Undefined where this process is no daemon, or the variable is not of our making. */
  static fromEnvironment(): DaemonReport | undefined {
    const [, descriptor, foreground] = /^(\d{1,9}),(\d{1,9})$/.exec(process.env[daemonVariable] ?? '') ?? [];
    return descriptor === undefined ? undefined : new DaemonReport(Number(descriptor), Number(foreground));
  }

  /** The report of a daemon that goes on in this image. */
  static takeUp({ descriptor, foreground }: ReportPart): DaemonReport {
    if (descriptor !== undefined) addon.setCloseOnExec(descriptor);
    return new DaemonReport(descriptor, foreground);
  }

  handOver(keep: Keep): ReportPart {
    const descriptor = this.#descriptor;
    return { foreground: this.foreground, ...(descriptor === undefined ? {} : { descriptor: keep(descriptor) }) };
  }

  tellStanding(): void {
    this.#tell(standing);
  }

  tellEnd(code: number): void {
    this.#tell(`ended ${String(code)}`);
  }

  #tell(text: string): void {
    if (this.#descriptor === undefined) return;
    try {
      writeSync(this.#descriptor, text);
      closeSync(this.#descriptor);
    } catch {
      // The process in the foreground has ended meanwhile; the daemon goes on all the same.
    }
    this.#descriptor = undefined;
  }
}
