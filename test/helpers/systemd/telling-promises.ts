import { nothingTold, tell, type Happening, type Told } from '../../../src/core/manager/told.js';

/** Hears what a service manager is told in a run, and complains, by throwing, about every broken promise. */
export class TellingPromises {
  #told: Told = nothingTold;
  #isActive = false;
  #isReloading = false;
  #isStopping = false;

  hear(happening: Happening): void {
    const { state } = happening.decision;
    const { told, messages } = tell(this.#told, happening, () => state.phase.name);
    this.#told = told;
    for (const message of messages) this.#hearMessage(message.split('\n'));
    promise(this.#told.status === state.phase.name, 'the status is that of the moment');
    promise(this.#isActive || state.current === undefined || this.#isStopping, 'whoever serves is ready');
    const { name } = state.phase;
    promise(!this.#isReloading || !['running', 'delaying'].includes(name), 'a restart that is decided is told');
    promise(this.#isStopping === ['stopping', 'stopped'].includes(name), 'an end is told');
  }

  #hearMessage(fields: readonly string[]): void {
    promise(new Set(fields.map((field) => field.replace(/=.*/, ''))).size === fields.length, 'each field stands once');
    if (fields.includes('READY=1')) {
      promise(!this.#isActive || this.#isReloading, 'a READY=1 for each start and each RELOADING=1');
      promise(!this.#isStopping && !fields.includes('RELOADING=1'), 'READY=1 comes alone, and not at the end');
      this.#isActive = true;
      this.#isReloading = false;
    }
    if (fields.includes('RELOADING=1')) {
      promise(this.#isActive && !this.#isReloading, 'RELOADING=1 of what is active');
      promise(/^MONOTONIC_USEC=\d+$/m.test(fields.join('\n')), 'RELOADING=1 has its moment');
      this.#isReloading = true;
    }
    if (fields.includes('STOPPING=1')) {
      promise(!this.#isStopping, 'one end');
      this.#isStopping = true;
      this.#isReloading = false;
    }
    const more = /^EXTEND_TIMEOUT_USEC=(.*)$/m.exec(fields.join('\n'))?.[1];
    promise(more === undefined || /^[1-9]\d*$/.test(more), 'more time is time');
  }
}

function promise(kept: boolean, what: string): void {
  if (!kept) throw new Error(`broken: ${what}`);
}
