import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { plainEnvironment } from '../running/starter.js';

/** Why no test can run in a terminal here, for tap's `skip`; false where it can. */
export const withoutTerminal =
  spawnSync('script', ['-qec', 'true', '/dev/null']).status !== 0 && 'script(1) makes no terminal here';

/** A command in a terminal of its own, whose keys the test presses. */
export class InteractiveTerminal {
  readonly #child: ChildProcess;
  #shown = '';

  constructor(t: Test, command: string, options: { readonly cwd: string }) {
    const env = plainEnvironment();
    // Without noflsh, a key that is a signal would throw away what was written and is not shown yet.
    this.#child = spawn('script', ['-qefc', `stty noflsh; exec ${command}`, '/dev/null'], { ...options, env });
    this.#child.stdout?.setEncoding('latin1').on('data', (text: string) => (this.#shown += text));
    t.teardown(() => this.#child.kill('SIGKILL'));
  }

  /** The output without the keys, which the terminal shows, too. */
  get shown(): string {
    return this.#shown.replace(/\^[A-Z\\]|\r/g, '');
  }

  /** What is left on its screen: a line that was drawn over, or cleared, is not. */
  get screen(): string {
    const lines = this.raw.replaceAll('\r\n', '\n').split('\n');
    return lines.map((line) => line.split('\r').at(-1)?.replaceAll('\x1b[K', '')).join('\n');
  }

  /** Every byte that it was sent. */
  get raw(): string {
    return this.#shown;
  }

  /** Ctrl and a letter, which is a signal for all processes of the terminal. */
  press(key: 'C' | '\\'): void {
    this.#child.stdin?.write(String.fromCharCode(key.charCodeAt(0) % 32));
  }

  /** Waits until its output matches, and gives the match. */
  async sees(expected: RegExp): Promise<RegExpExecArray> {
    return eventually(String(expected), () => expected.exec(this.shown) ?? undefined, { seen: () => this.shown });
  }
}
