/** Servers under load by wrk: alone on a socket, or under a start_server that restarts them. */
import { execFile, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { root } from './programs.mjs';
import { endOf, Running } from './running.mjs';
import { parseWrk } from './wrk.mjs';

const run = promisify(execFile);
export const port = 18_732;
/** Seconds that a worker has to live before the one before is told to end: the default of the option. */
const interval = 1;
/** Milliseconds from one restart to the next, or from one start to the next. */
export const pace = interval * 1000 + 100;

export const standing = (starter, { command, options = [] }) =>
  new Running(starter, [`--interval=${interval}`, `--port=127.0.0.1:${port}`, ...options], { command });

/** `turn`: milliseconds from one restart to the next. */
export async function restarting(running, connections, restarts, turn = pace) {
  try {
    await running.until('the first worker', () => running.generations > 0);
    await pause(pace); // it has lived for the interval
    const load = await whileLoaded(connections, restarts, async (count) => {
      running.signal('SIGHUP');
      await pause(turn);
      await running.until('the end of the old worker', () => running.ends === count);
    });
    return { ...load, generations: running.generations };
  } finally {
    await running.remove();
  }
}

/** Load for as long as so many turns take. */
export async function whileLoaded(connections, turns, turn) {
  await answers();
  const load = wrk(connections, turns * 10);
  try {
    for (let count = 1; count <= turns; count++) await turn(count);
  } finally {
    load.end();
  }
  return await load;
}

/** The server on a socket that we have given to it, without any start_server. */
export class Bare {
  #child;

  constructor({ command: [file, ...words] }, { socket, name }) {
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, LANG: 'C', SERVER_STARTER_PORT: `${name}=3`, SERVER_STARTER_GENERATION: '1' };
    this.#child = spawn(file, words, { env, stdio: ['ignore', 'ignore', 'ignore', socket] });
    this.ended = new Promise((resolve) => this.#child.on('exit', resolve));
  }

  remove() {
    return endOf(this.#child, this.ended);
  }
}

/** An open socket, and its name for the server. */
export function openSocket(number) {
  const addon = { exports: {} };
  process.dlopen(addon, join(root, 'build/Release/superdaemon.node'));
  const address = '127.0.0.1';
  const socket = addon.exports.openListener({ family: 'inet', type: 'stream', address, port: number, backlog: 4096 });
  return { socket, name: `${address}:${number}` };
}

export function startBare(server) {
  const given = openSocket(port);
  try {
    return new Bare(server, given);
  } finally {
    closeSync(given.socket);
  }
}

/** Waits for the first answer. */
export async function answers() {
  for (let attempt = 0; attempt < 500; attempt++) {
    if ((await status()) === 200) return;
    await pause(20);
  }
  throw new Error('the server does not answer');
}

/** The status of one answer, on a connection that is closed after it; undefined where there is no answer. */
export function status() {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, agent: false, timeout: 1000 }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    request.on('timeout', () => request.destroy()).on('error', () => resolve(undefined));
  });
}

/** Load for so many seconds, or until its `end` is called. */
export function wrk(connections, seconds) {
  const words = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '--timeout=10s', '-H', 'Connection: close'];
  const running = run('wrk', [...words, `http://127.0.0.1:${port}/`]);
  const figures = running.then(({ stdout }) => parseWrk(stdout));
  return Object.assign(figures, { end: () => running.child.kill('SIGINT') });
}
