/** A start_server that is measured: it works in a directory of its own, and the probe worker stamps times there. */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { clearTimeout, setTimeout } from 'node:timers';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { program } from './programs.mjs';

const run = promisify(execFile);
const patience = 30_000;
/** Milliseconds after which a HUP counts as lost; one of the Go ports looks for signals once a second. */
const patienceForHup = 1500;

/** Variables for the node that runs all this, such as NODE_OPTIONS, are kept from the programs that are measured. */
const environment = { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C' };

/** A run that fails half-way leaves none of its processes behind. */
const living = new Set();
process.once('exit', () => {
  for (const running of living) running.kill();
});

export class Running {
  #child;
  #stamps = [];
  #read = 0;
  /** HUPs that had no effect. */
  lost = 0;

  /**
   * `options` are start_server's, `worker` the worker's own words, or a whole command where `program` says so; `under`
   * stands before the command.
   */
  constructor(starter, options = [], { worker = [], command, under = [], env = {} } = {}) {
    this.directory = mkdtempSync(join(tmpdir(), 'superdaemon-bench-'));
    this.file = join(this.directory, 'stamps');
    this.log = join(this.directory, 'log');
    const workerWords = command ?? [program('worker'), this.file, ...worker];
    const words = [this.file, ...under, ...starter.command, ...options, '--', ...workerWords];
    const log = openSync(this.log, 'a');
    this.#child = spawn(program('launch'), words, {
      cwd: this.directory,
      env: { ...environment, ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.ended = new Promise((resolve) => this.#child.on('exit', resolve));
    living.add(this);
  }

  get pid() {
    return this.#child.pid;
  }

  /** The pid of the newest worker, which the worker itself tells. */
  get worker() {
    return Number(this.stamps('worker').at(-1).word.split(',')[1]);
  }

  get output() {
    return readFileSync(this.log, 'latin1');
  }

  /** Whether a file in its directory is there and has content. */
  has(name) {
    return textOf(join(this.directory, name)) !== '';
  }

  /** All stamps of a kind so far: {time (ns), word}. */
  stamps(what) {
    const text = textOf(this.file);
    const whole = text.slice(this.#read, text.lastIndexOf('\n') + 1);
    this.#read += whole.length;
    for (const line of whole.split('\n').filter(Boolean)) {
      const [kind, time, word] = line.split(' ');
      this.#stamps.push({ kind, time: Number(time), word });
    }
    return this.#stamps.filter(({ kind }) => kind === what);
  }

  /** Waits for a stamp; the first one has number 1. */
  async stamp(what, number = 1) {
    return this.until(`${what} ${number}`, () => this.stamps(what)[number - 1]);
  }

  async until(awaited, check, milliseconds = patience) {
    const end = performance.now() + milliseconds;
    for (;;) {
      const value = await check();
      if (value !== undefined && value !== false) return value;
      if (performance.now() > end)
        throw new Error(`not within ${milliseconds} ms: ${awaited}; the log:\n${this.output.slice(-2000)}`);
      await pause(1);
    }
  }

  /** How many workers it has started, by its log. */
  get generations() {
    return this.output.match(/starting new worker \d+/g)?.length ?? 0;
  }

  /** How many old workers have ended, by its log. */
  get ends() {
    return this.output.match(/old worker \d+ died/g)?.length ?? 0;
  }

  signal(signal) {
    process.kill(this.pid, signal);
  }

  /**
   * Sends HUP and gives the nanoseconds to the new worker's first instruction. The original loses a HUP that comes in a
   * certain moment; it is then sent again, and counted in `lost`.
   */
  async restart() {
    const number = this.stamps('worker').length + 1;
    for (let attempt = 0; attempt < 5; attempt++) {
      const begun = Number(process.hrtime.bigint());
      this.signal('SIGHUP');
      const isThere = () => this.stamps('worker')[number - 1];
      const worker = await this.until('a worker', isThere, patienceForHup).catch(() => undefined);
      if (worker !== undefined) return worker.time - begun;
      this.lost += 1;
    }
    throw new Error(`HUP has no effect; the log:\n${this.output.slice(-2000)}`);
  }

  /** Ends it by TERM and gives the nanoseconds that took. */
  async end() {
    const nanoseconds = await signalled(this.pid, 15);
    await this.remove();
    return nanoseconds;
  }

  /** Ends it somehow, and takes its directory away. */
  async remove() {
    await endOf(this.#child, this.ended);
    this.killWorkers();
    living.delete(this);
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Kills workers that a start_server has left behind, because it was killed, or as some ports do at their end. */
  killWorkers() {
    const pids = this.stamps('worker').map(({ word }) => Number(word.split(',')[1]));
    for (const pid of pids) if (textOf(`/proc/${pid}/cmdline`).includes(this.file)) process.kill(pid, 'SIGKILL');
  }

  kill() {
    this.#child.kill('SIGKILL');
  }
}

/**
 * Ends a child by TERM or, if need be, by KILL; `ended` is the promise of its end. A child that has ended is left
 * alone.
 */
export async function endOf(child, ended) {
  child.kill('SIGTERM');
  const killed = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(killed);
}

/** Sends a signal to a process and gives the nanoseconds until it has ended. */
export async function signalled(pid, signal) {
  const { stdout } = await run(program('timed'), ['end', String(pid), String(signal)]);
  return Number(stdout.split(' ')[0]);
}

/** Runs a command in a directory and gives {nanoseconds, code}. */
export async function timed(command, cwd) {
  const { stdout } = await run(program('timed'), ['run', ...command], { cwd, env: environment });
  const [nanoseconds, code] = stdout.split('\n').at(-2).split(' ').map(Number);
  return { nanoseconds, code };
}

function textOf(file) {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return ''; // nobody has stamped yet
  }
}
