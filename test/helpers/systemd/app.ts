import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { example } from '../place/samples.js';
import type { ServiceManager } from './service-manager.js';

/** The program of the examples, /srv/app/app: it answers over HTTP with its generation, unless it is broken. */
export class App {
  constructor(private readonly manager: ServiceManager) {
    copyFileSync(example('http-worker.js'), join(manager.directory, 'worker.mjs'));
    this.#write('exec node /srv/app/worker.mjs');
  }

  /** From now on it cannot be started: it exits with this code. */
  break(code: number): void {
    this.#write(`exit ${String(code)}`);
  }

  remove(): void {
    rmSync(join(this.manager.directory, 'app'));
  }

  repair(): void {
    this.#write('exec node /srv/app/worker.mjs');
  }

  /** Runs these lines of sh before it serves, for instance to say something on standard error. */
  prepend(commands: string): void {
    this.#write(`${commands}\nexec node /srv/app/worker.mjs`);
  }

  #write(commands: string): void {
    const file = join(this.manager.directory, 'app');
    rmSync(file, { force: true }); // one that runs is not changed under its shell
    writeFileSync(file, `#!/bin/sh\n${commands}\n`);
    chmodSync(file, 0o755);
  }
}

/** A unit of examples/systemd, made to run here. */
export function fittedExample(unit: string, port: number): string {
  return fitted(readFileSync(example(join('systemd', unit)), 'utf8'), port);
}

/** A unit of the documentation, made to run here: the command is in this package, and the port is one that is free. */
export function fitted(unit: string, port: number): string {
  return unit
    .replaceAll('/usr/local/bin/start_server', '/srv/superdaemon/bin/start_server')
    .replace(/--port=(?:80|8080)\b/, `--port=${String(port)}`)
    .replace(/^ListenStream=(?:80|8080)$/m, `ListenStream=${String(port)}`);
}

/** The generation that answers at a port or a path; the error's code where none does. */
export async function answering(address: number | string): Promise<number | string> {
  const where = typeof address === 'number' ? { port: address, host: '127.0.0.1' } : { socketPath: address };
  return new Promise((resolve) => {
    const sent = request({ ...where, agent: false }, (response) => {
      void text(response).then((body) => resolve(Number(/^generation (\d+),/.exec(body)?.[1])));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.end();
  });
}
