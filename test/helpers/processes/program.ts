import { spawn, type ChildProcess } from 'node:child_process';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';
import { plainEnvironment, type Outcome } from '../running/starter.js';

/** A program that node runs without start_server; it is killed at the end of the test at the latest. */
export class Program {
  readonly #child: ChildProcess;
  #output = '';
  #outcome: Outcome | undefined;

  constructor(t: Test, words: readonly string[], env: NodeJS.ProcessEnv = {}, cwd?: string) {
    this.#child = spawn(process.execPath, words, { env: { ...plainEnvironment(), ...env }, cwd });
    this.#child.stdout?.setEncoding('latin1').on('data', (text: string) => (this.#output += text));
    this.#child.stderr?.setEncoding('latin1').on('data', (text: string) => (this.#output += text));
    this.#child.on('close', (code, signal) => (this.#outcome = { code, signal }));
    t.teardown(() => this.#child.kill('SIGKILL'));
  }

  /** What it has said so far on standard output and standard error. */
  get output(): string {
    return this.#output;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits until its output matches, and gives the match. */
  async sees(expected: RegExp): Promise<RegExpExecArray> {
    return eventually(String(expected), () => expected.exec(this.#output) ?? undefined, { seen: () => this.#output });
  }

  async ended(): Promise<Outcome> {
    return eventually('the end of the program', () => this.#outcome, { seen: () => this.#output });
  }
}
