import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { constants as os } from 'node:os';
import { addon } from '../engine/addon.js';
import { bytes } from '../engine/bytes.js';
import type { Children } from '../processes/children.js';
import { handedDown, inPlace, type Inheritance } from '../processes/inheritance.js';
import type { Output } from './output.js';

export interface LoggerProgram {
  readonly args: readonly string[];
  /** The whole environ, entry by entry. */
  readonly environment: readonly string[];
  readonly inheritance: Inheritance;
  /** A daemon's logger keeps nothing of the caller's: what it prints itself goes nowhere. */
  readonly isDaemon: boolean;
  readonly children: Children;
  /** What the pipe is made the place for. */
  readonly output: Output;
}

/**
 * The process that is given the log through a pipe. The superdaemon keeps the reading end open, too: while a logger that
 * died is replaced, workers meet no broken pipe, and what is in the pipe is not lost.
 */
export class Logger {
  readonly #reading: number;
  /** Stays open beside the output: that may go to another log while workers still write to this one. */
  readonly #writing: number;
  #isRedirected = false;
  readonly #output: number;
  readonly #errors: number;
  /** Undefined once it has ended: by then it may be a worker's. */
  #pid: number | undefined;

  /** Starts it; throws a system error when there is no such program or the system refuses. */
  constructor(private readonly program: LoggerProgram) {
    findProgram(program.args[0] ?? '', program.environment);
    this.#output = duplicate(program.isDaemon ? undefined : 1);
    this.#errors = duplicate(program.isDaemon ? undefined : 2);
    [this.#reading, this.#writing] = addon.pipe();
    this.#pid = this.#start();
  }

  /** Whether it was the logger that has ended. */
  takesEndOf(pid: number): boolean {
    if (pid !== this.#pid) return false;
    this.#pid = undefined;
    return true;
  }

  /** Where output is to go when it is not redirected yet. */
  get descriptor(): number | undefined {
    return this.#isRedirected ? undefined : this.#writing;
  }

  /** From here on all output goes into the pipe. */
  redirect(): void {
    this.program.output.redirect(duplicate(this.#writing));
    this.#isRedirected = true;
  }

  /** After it has ended: another process goes on reading the pipe. Throws when the system refuses. */
  restart(): void {
    this.#pid = this.#start();
  }

  /** Once what is written to the pipe is closed, too, the process finds its end. */
  close(): void {
    for (const descriptor of [this.#reading, this.#writing, this.#output, this.#errors]) closeSync(descriptor);
  }

  #start(): number {
    const { args, environment, inheritance, isDaemon, children } = this.program;
    const inherited = isDaemon ? [] : inheritance.descriptors.filter((number) => number > 2);
    return children.start({
      file: args[0] ?? '',
      args,
      env: environment,
      fds: [[this.#reading, 0], [this.#output, 1], [this.#errors, 2], ...inPlace(inherited)],
      ...handedDown(inheritance),
    });
  }
}

/** A close-on-exec duplicate, or /dev/null. */
function duplicate(descriptor: number | undefined): number {
  const placeholder = openSync('/dev/null', 'r+');
  return descriptor === undefined ? placeholder : addon.dup2(descriptor, placeholder);
}

/** Throws what execvp(3) would fail with: a start must not go on with a log that nobody reads. */
function findProgram(file: string, environment: readonly string[]): void {
  const path = environment.find((entry) => entry.startsWith('PATH='))?.slice('PATH='.length) ?? '/bin:/usr/bin';
  const directories = file.includes('/') ? [''] : path.split(':').map((name) => (name === '' ? '' : `${name}/`));
  const refusals = directories.map((directory) => refusalToRun(bytes(directory + file)));
  if (refusals.includes(undefined)) return;
  throw refusals.find((refusal) => refusal?.code === 'EACCES') ?? refusals[0] ?? new Error('no directory to search');
}

function refusalToRun(file: Buffer): NodeJS.ErrnoException | undefined {
  try {
    accessSync(file, constants.X_OK);
    if (statSync(file).isFile()) return undefined;
    return Object.assign(new Error('a directory'), { code: 'EACCES', errno: -os.errno.EACCES, syscall: 'exec' });
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
