import { closeSync, openSync } from 'node:fs';
import type { LoggerPart } from '../../core/handover/document.js';
import { addon } from '../engine/addon.js';
import type { Keep } from '../engine/keep.js';
import type { Children } from '../processes/children.js';
import { handedDown, inPlace, type Inheritance } from '../processes/inheritance.js';
import { refusalToRun } from '../processes/refusal-to-run.js';
import type { Output } from './output.js';

export interface LoggerProgram {
  readonly args: readonly string[];
  /** The whole environ, entry by entry. */
  readonly environment: readonly string[];
  readonly inheritance: Inheritance;
  /** A daemon's logger keeps nothing of the caller's open: what it prints itself goes to /dev/null. */
  readonly isDaemon: boolean;
  readonly children: Children;
  /** The output that is to go into the pipe. */
  readonly output: Output;
}

type Descriptors = Required<Omit<LoggerPart, 'pid'>>;

/**
 * The process that is given the log through a pipe. The superdaemon keeps the reading end open, too: while a logger that
 * died is replaced, workers meet no broken pipe, and what is in the pipe is not lost.
 */
export class Logger {
  /** Undefined once it has ended: a worker may be given the same pid. */
  #pid: number | undefined;
  #isRedirected = false;

  private constructor(
    private readonly program: LoggerProgram,
    /** `writing` stays open beside the output: that may go to another log while workers still write to this one. */
    private readonly descriptors: Descriptors,
  ) {}

  /** Throws what `start` would throw where there is no such program. */
  static look({ args, environment }: Pick<LoggerProgram, 'args' | 'environment'>): void {
    findProgram(args[0] ?? '', environment);
  }

  /** Starts it; throws a system error when there is no such program or the system refuses. */
  static start(program: LoggerProgram): Logger {
    Logger.look(program);
    const output = duplicate(program.isDaemon ? undefined : 1);
    const errors = duplicate(program.isDaemon ? undefined : 2);
    const [reading, writing] = addon.pipe();
    const logger = new Logger(program, { reading, writing, output, errors });
    logger.#pid = logger.#start();
    return logger;
  }

  /** Goes on with the logger that reads the output of the image before. */
  static takeUp(program: LoggerProgram, { pid, ...descriptors }: LoggerPart): Logger {
    for (const descriptor of Object.values(descriptors)) addon.setCloseOnExec(descriptor);
    const errors = program.output.descriptors.find(([, to]) => to === 2);
    const logger = new Logger(program, { ...descriptors, writing: descriptors.writing ?? duplicate(errors?.[0]) });
    logger.#isRedirected = true;
    logger.#pid = pid;
    return logger;
  }

  handOver(keep: Keep): LoggerPart {
    const { reading, writing, output, errors } = this.descriptors;
    const pid = this.#pid;
    return {
      reading: keep(reading),
      writing: keep(writing),
      output: keep(output),
      errors: keep(errors),
      ...(pid === undefined ? {} : { pid }),
    };
  }

  /** Whether a logger runs; otherwise it is about to be started again. */
  get isRunning(): boolean {
    return this.#pid !== undefined;
  }

  /** Whether it was the logger that has ended. */
  takesEndOf(pid: number): boolean {
    if (pid !== this.#pid) return false;
    this.#pid = undefined;
    return true;
  }

  /** Where output is to go when it is not redirected yet. */
  get descriptor(): number | undefined {
    return this.#isRedirected ? undefined : this.descriptors.writing;
  }

  /** From here on all output goes into the pipe. */
  redirect(): void {
    this.program.output.redirect(duplicate(this.descriptors.writing));
    this.#isRedirected = true;
  }

  /** To be called after it has ended: another process goes on reading the pipe. Throws what the system refuses. */
  restart(): void {
    this.#pid = this.#start();
  }

  /** The logger ends when it has read all, and the output that goes into the pipe is closed, too. */
  close(): void {
    for (const descriptor of Object.values(this.descriptors)) closeSync(descriptor);
  }

  #start(): number {
    const { args, environment, inheritance, isDaemon, children } = this.program;
    const { reading, output, errors } = this.descriptors;
    const inherited = isDaemon ? [] : inheritance.descriptors.filter((number) => number > 2);
    return children.start({
      file: args[0] ?? '',
      args,
      env: environment,
      fds: [[reading, 0], [output, 1], [errors, 2], ...inPlace(inherited)],
      ...handedDown(inheritance),
    });
  }
}

/** A close-on-exec duplicate, or /dev/null. */
function duplicate(descriptor: number | undefined): number {
  const placeholder = openSync('/dev/null', 'r+');
  return descriptor === undefined ? placeholder : addon.dup2(descriptor, placeholder);
}

/** Throws the error with which execvp(3) would fail: a start must not go on with a log that nobody reads. */
function findProgram(file: string, environment: readonly string[]): void {
  const path = environment.find((entry) => entry.startsWith('PATH='))?.slice('PATH='.length) ?? '/bin:/usr/bin';
  const directories = file.includes('/') ? [''] : path.split(':').map((name) => (name === '' ? '' : `${name}/`));
  const refusals = directories.map((directory) => refusalToRun(directory + file));
  if (refusals.includes(undefined)) return;
  throw refusals.find((refusal) => refusal?.code === 'EACCES') ?? refusals[0] ?? new Error('no directory to search');
}
