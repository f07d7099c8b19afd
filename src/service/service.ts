/** One service that is open: its loop, and whoever watches it. */
import type { FailureMemory } from './failure-memory.js';
import type { Kernel } from './kernel.js';
import type { Listeners } from './listeners.js';
import type { Reconfiguration } from './reconfiguration.js';
import type { Say } from './say.js';
import { superdaemon, type Observer } from './superdaemon.js';

export interface ServiceParts {
  readonly kernel: Kernel;
  readonly listeners: Listeners;
  readonly failures: FailureMemory;
  readonly reconfiguration: Reconfiguration;
  /** Told of every decision when it has been carried out, in this order. */
  readonly observers: readonly { readonly observe: Observer }[];
  readonly say: Say;
}

export class Service {
  constructor(private readonly parts: ServiceParts) {}

  get kernel(): Kernel {
    return this.parts.kernel;
  }

  get listeners(): Listeners {
    return this.parts.listeners;
  }

  get failures(): FailureMemory {
    return this.parts.failures;
  }

  get reconfiguration(): Reconfiguration {
    return this.parts.reconfiguration;
  }

  /** Writes one line of the log. */
  say(line: string): void {
    this.parts.say(line);
  }

  /** Runs the program until the end and gives the exit code. */
  async run(observe?: Observer): Promise<number> {
    const observers = [...this.parts.observers, ...(observe === undefined ? [] : [{ observe }])];
    try {
      return await superdaemon(this.parts.kernel, (...decided) => {
        for (const each of observers) each.observe(...decided);
      });
    } finally {
      this.parts.reconfiguration.close();
    }
  }
}
