import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { LoggedRun, type LoggedRunOptions } from './logged-run.js';
import { parseDump, type ProbeDump } from '../processes/probe.js';
import { isAlive } from './starter.js';

/**
 * A start_server with --daemonize. The Run is the process in the foreground; the daemon is found by its pid file. Every
 * process that works in its directory at the end of the test is killed, daemons, too.
 */
export class DaemonRun extends LoggedRun {
  constructor(t: Test, words: readonly string[], how: LoggedRunOptions = {}) {
    super(t, ['--daemonize', '--pid-file=pid', '--interval=0', ...words], how);
  }

  /** NaN while there is no complete pid file. */
  get daemon(): number {
    return Number(/^(\d+)\n$/.exec(this.read('pid'))?.[1]);
  }

  /** Waits until the foreground has ended and nobody has its output open; throws unless its exit code is 0. */
  async stands(): Promise<number> {
    const { code, signal } = await this.ended();
    if (code !== 0) throw new Error(`ended with ${String(code ?? signal)}:\n${this.stderr}`);
    return this.daemon;
  }

  /** Waits for the dump of a probe that was started with `-o NAME`. */
  async dump(name = 'dump'): Promise<ProbeDump> {
    const seen = () => `${this.stderr}${this.read()}`;
    await eventually(`the file ${name}`, () => this.has(name), { seen });
    return parseDump(this.read(name));
  }

  /** Ends the daemon by TERM, and waits until it is gone. */
  async stopDaemon(): Promise<void> {
    const { daemon } = this;
    process.kill(daemon, 'SIGTERM');
    await eventually('the end of the daemon', () => !isAlive(daemon), { seen: () => this.read() });
  }
}
