import { closeSync, fstatSync } from 'node:fs';
import type { Test } from 'tap';
import { addon } from '../../../src/system/engine/addon.js';
import { eventually } from '../eventually.js';
import { fixture } from '../place/samples.js';
import { plainEnvironment, Run } from '../running/starter.js';

/** The state of a service as systemd sees it with Type=notify-reload. */
export type UnitState = 'activating' | 'active' | 'reload-signal' | 'reload-notify' | 'stopping';

export interface ManagedOptions {
  readonly cwd?: string;
  /** Seconds. */
  readonly watchdog?: number;
  /** Descriptors that the service is given, by their names. */
  readonly given?: readonly (readonly [name: string, descriptor: number])[];
  readonly env?: NodeJS.ProcessEnv;
  readonly under?: readonly string[];
  /** What an earlier process of the same service has left in the store. */
  readonly store?: ManagedRun['store'];
  /** Without `--systemd`. */
  readonly isPlain?: boolean;
}

/**
 * A start_server whose parent is a service manager of Type=notify-reload that takes messages exactly as systemd 253
 * does, with NotifyAccess=main.
 */
export class ManagedRun extends Run {
  state: UnitState = 'activating';
  status = '';
  errno = 0;
  /** Every message of the main process but signs of life. */
  readonly messages: string[] = [];
  /** Moments of signs of life, in milliseconds. */
  readonly pings: number[] = [];
  /** Messages that came from other processes. */
  readonly rejected: string[] = [];
  /** While this is true, no message is read. */
  isDeaf = false;
  /** The store: names, and descriptors of this process. */
  readonly store: Map<number, { name: string; polled: boolean }>;
  readonly #socket: { readonly fd: number; readonly name: string };
  #main: number;
  #reloadBegan = 0;

  constructor(t: Test, args: readonly string[], how: ManagedOptions = {}) {
    const { cwd, watchdog, given = [], env = {}, under = [], store = emptyStore(), isPlain = false } = how;
    const socket = addon.openNotifySocket();
    super(t, [...(isPlain ? [] : ['--systemd']), ...args], {
      ...(cwd === undefined ? {} : { cwd }),
      under: [fixture('as-main-process.sh'), ...under],
      stdio: ['ignore', 'pipe', 'pipe', ...given.map(([, descriptor]) => descriptor)],
      env: {
        ...plainEnvironment(),
        NOTIFY_SOCKET: socket.name,
        ...(watchdog === undefined ? {} : { WATCHDOG_USEC: String(watchdog * 1e6) }),
        ...(given.length === 0 ? {} : { LISTEN_FDS: String(given.length), LISTEN_FDNAMES: namesOf(given) }),
        ...env,
      },
    });
    this.store = store;
    this.#socket = socket;
    this.#main = this.pid;
    const reading = setInterval(() => this.#read(), 2);
    t.teardown(() => {
      clearInterval(reading);
      for (const descriptor of [socket.fd, ...store.keys()]) closeSync(descriptor);
      store.clear();
    });
  }

  get main(): number {
    return this.#main;
  }

  /** The messages without the texts that are for people. */
  get states(): string[] {
    return this.messages
      .flatMap((message) => message.split('\n'))
      .filter((field) => /^(?:READY|RELOADING|STOPPING|ERRNO)=/.test(field));
  }

  async reaches(state: UnitState): Promise<void> {
    await eventually(`the state ${state}`, () => this.state === state, {
      seen: () => `${this.state}\n${this.messages.join('\n\n')}\n${this.stderr}`,
    });
  }

  /** As `systemctl reload` does: sends HUP, and waits for RELOADING=1 that is not older, then READY=1. */
  async reload(): Promise<void> {
    this.#reloadBegan = Number(process.hrtime.bigint() / 1000n);
    this.state = 'reload-signal';
    this.signal('SIGHUP');
    await this.reaches('active');
  }

  /** Waits until the status is as it should be. */
  async shows(expected: RegExp): Promise<string> {
    await eventually(`the status ${String(expected)}`, () => expected.test(this.status), {
      seen: () => `${this.status}\n${this.stderr}`,
    });
    return this.status;
  }

  /** Fills the room for messages with some of our own. */
  fill(): void {
    this.isDeaf = true;
    while (addon.sendNotification(this.#socket.name, 'X_FILLER=1', []));
  }

  #read(): void {
    while (!this.isDeaf) {
      const message = addon.receiveNotification(this.#socket.fd);
      if (message === undefined) return;
      if (message.sender === this.#main) this.#take(message.text, message.descriptors);
      else {
        this.rejected.push(message.text);
        for (const descriptor of message.descriptors) closeSync(descriptor);
      }
    }
  }

  #take(text: string, descriptors: readonly number[]): void {
    const fields = new Map(text.split('\n').map((line) => [line.replace(/=.*/s, ''), line.replace(/^[^=]*=/, '')]));
    if (fields.has('WATCHDOG')) {
      this.pings.push(performance.now());
      return;
    }
    this.messages.push(text);
    this.#main = Number(fields.get('MAINPID') ?? this.#main);
    if (fields.has('STOPPING')) this.state = 'stopping';
    else if (fields.has('READY')) this.#ready();
    else if (fields.has('RELOADING')) this.#reloading(Number(fields.get('MONOTONIC_USEC') ?? NaN));
    this.status = fields.get('STATUS') ?? this.status;
    this.errno = Number(fields.get('ERRNO') ?? this.errno);
    if (fields.has('FDSTOREREMOVE')) this.#forget(fields.get('FDNAME') ?? 'stored');
    if (fields.has('FDSTORE')) this.#keep(descriptors, fields.get('FDNAME') ?? 'stored', fields.get('FDPOLL') !== '0');
    else for (const descriptor of descriptors) closeSync(descriptor);
  }

  #ready(): void {
    if (this.state === 'activating' || this.state === 'reload-notify') this.state = 'active';
  }

  #reloading(at: number): void {
    if (Number.isNaN(at)) throw new Error('RELOADING=1 without MONOTONIC_USEC');
    if (this.state === 'active' || (this.state === 'reload-signal' && at >= this.#reloadBegan))
      this.state = 'reload-notify';
  }

  /** A socket that is in the store already is not taken again. */
  #keep(descriptors: readonly number[], name: string, polled: boolean): void {
    const known = new Set([...this.store.keys()].map((descriptor) => fstatSync(descriptor).ino));
    for (const descriptor of descriptors) {
      if (known.has(fstatSync(descriptor).ino)) closeSync(descriptor);
      else this.store.set(descriptor, { name, polled });
    }
  }

  #forget(name: string): void {
    for (const [descriptor, kept] of this.store) {
      if (kept.name !== name) continue;
      closeSync(descriptor);
      this.store.delete(descriptor);
    }
  }
}

function emptyStore(): ManagedRun['store'] {
  return new Map();
}

function namesOf(given: NonNullable<ManagedOptions['given']>): string {
  return given.map(([name]) => name).join(':');
}
