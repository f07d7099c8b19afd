import { closeSync } from 'node:fs';
import type { Test } from 'tap';
import { addon } from '../../../src/system/engine/addon.js';

/** Reads what a start_server with --systemd tells its manager, as one does that would end it where no sign of life comes. */
export class Watchdog {
  /** For the environment of the start_server. */
  readonly env: NodeJS.ProcessEnv;
  readonly #socket = addon.openNotifySocket();
  #last = performance.now();
  #longest = 0;
  #signs = 0;

  constructor(t: Test, seconds: number) {
    this.env = { NOTIFY_SOCKET: this.#socket.name, WATCHDOG_USEC: String(seconds * 1e6) };
    const reading = setInterval(() => this.#read(), 20);
    t.teardown(() => {
      clearInterval(reading);
      closeSync(this.#socket.fd);
    });
  }

  /** How many signs of life have come. */
  get signs(): number {
    return this.#signs;
  }

  /** Milliseconds between two of them, or since the last, at the most. */
  get longest(): number {
    return Math.max(this.#longest, performance.now() - this.#last);
  }

  #read(): void {
    for (;;) {
      const message = addon.receiveNotification(this.#socket.fd);
      if (message === undefined) return;
      for (const descriptor of message.descriptors) closeSync(descriptor);
      // systemd counts from READY=1, and from each sign of life.
      if (!/^(?:WATCHDOG|READY)=1$/m.test(message.text)) continue;
      if (message.text.includes('WATCHDOG=1')) this.#signs += 1;
      this.#longest = this.longest;
      this.#last = performance.now();
    }
  }
}
