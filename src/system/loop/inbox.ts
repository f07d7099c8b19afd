/** What signals, clients and timers ask of a superdaemon, until its loop takes it. */
import type { Settings, StopSignal } from '../../core/loop/types.js';
import { now } from './clock.js';
import { longestTimer } from './time-limit.js';

/** Changes of the envdir mostly come several at a time; they are looked at after so many milliseconds. */
const settlingTime = 200;

/** The time between two readings of an envdir, as a multiple of what one takes: a large one may change all the time. */
const restBetweenReadings = 10;

export class Inbox {
  #stop: StopSignal | undefined;
  #restart = false;
  #candidate: Settings | undefined;
  #withdrawal = false;
  #cancel = false;
  #isRestartFirst = false;
  #upgrade = false;
  #reopening = false;
  #settingsChanged = false;
  #settling = false;
  #settlingTime = settlingTime;
  #wake: () => void = () => undefined;
  #stopped: () => void = () => undefined;

  /** Fulfilled when the first stop signal has come. */
  readonly stopRequested = new Promise<void>((resolve) => (this.#stopped = resolve));

  /** Keeps the process running until `close`: handlers of signals alone do not. */
  readonly #hold = setInterval(() => undefined, longestTimer);

  /** The first stop signal counts until it is taken; the decision ignores all later ones. */
  requestStop(signal: StopSignal): void {
    this.#stop ??= signal;
    this.#stopped();
    this.#wake();
  }

  requestRestart(): void {
    this.#restart = true;
    this.#wake();
  }

  /** Another command line is open, and is to take the place of the one in force. */
  offerCandidate(settings: Settings): void {
    this.#candidate = settings;
    this.#withdrawal = false; // of one before it, which is decided
    this.#wake();
  }

  /** What was offered is not wanted any more. */
  withdrawCandidate(): void {
    this.#withdrawal = true;
    this.#wake();
  }

  /** What was asked for before is to be given up. */
  requestCancel(): void {
    this.#cancel = true;
    this.#isRestartFirst = this.#restart;
    this.#wake();
  }

  /** The superdaemon is to become another image of itself. */
  requestUpgrade(): void {
    this.#upgrade = true;
    this.#wake();
  }

  /** The log is to be reopened, after a rotation. */
  requestReopening(): void {
    this.#reopening = true;
    this.#wake();
  }

  /** A child may have ended, or a worker has told something. */
  lookAround(): void {
    this.#wake();
  }

  /** The envdir is to be read again soon. */
  settingsMayHaveChanged(): void {
    if (this.#settling) return;
    this.#settling = true;
    this.later(this.#settlingTime, () => {
      this.#settling = false;
      this.#settingsChanged = true;
    });
  }

  /** Has something done beside the loop, and lets the loop look around after it. */
  later(milliseconds: number, act: () => void): void {
    setTimeout(() => {
      act();
      this.#wake();
    }, milliseconds);
  }

  takeStop(): StopSignal | undefined {
    const signal = this.#stop;
    this.#stop = undefined;
    return signal;
  }

  takeRestart(): boolean {
    const isAsked = this.#restart;
    this.#restart = false;
    return isAsked;
  }

  takeCandidate(): Settings | undefined {
    const candidate = this.#candidate;
    this.#candidate = undefined;
    return candidate;
  }

  takeWithdrawal(): boolean {
    const isAsked = this.#withdrawal;
    this.#withdrawal = false;
    return isAsked;
  }

  /** After a restart that was asked for before it. */
  takeCancel(): boolean {
    const isAsked = this.#cancel && !(this.#isRestartFirst && this.#restart);
    if (isAsked) this.#cancel = false;
    return isAsked;
  }

  takeUpgrade(): boolean {
    const isAsked = this.#upgrade;
    this.#upgrade = false;
    return isAsked;
  }

  takeReopening(): boolean {
    const isAsked = this.#reopening;
    this.#reopening = false;
    return isAsked;
  }

  takeSettingsChange(): boolean {
    const isAsked = this.#settingsChanged;
    this.#settingsChanged = false;
    return isAsked;
  }

  /** The settings were read, which took so many milliseconds. */
  settingsRead(milliseconds: number): void {
    this.#settlingTime = Math.max(settlingTime, restBetweenReadings * milliseconds);
  }

  /** Waits until something comes or until this moment, whichever is first. */
  async sleep(until: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (until !== Infinity) timer = setTimeout(resolve, Math.min(Math.ceil(until - now()), longestTimer));
    });
    clearTimeout(timer);
  }

  close(): void {
    clearInterval(this.#hold);
  }
}

/** Lets node tell everything that has come meanwhile, so that signals that came together are seen together. */
export function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
