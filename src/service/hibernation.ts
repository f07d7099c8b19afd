/** How a superdaemon sleeps while there is nothing to do: it becomes the sleeper, which becomes it again. */
import { encodeDocument, type HandoverDocument } from '../core/handover/document.js';
import { Kept } from '../system/engine/keep.js';
import { closeDescriptor } from '../system/engine/descriptors.js';
import { isSystemError } from '../system/engine/system-error.js';
import { writeDocument } from '../system/handover/document-file.js';
import type { Installation } from '../system/handover/installation.js';
import { fallAsleep } from '../system/handover/fall-asleep.js';
import { now } from '../system/loop/clock.js';
import type { Run } from './run.js';

/** Milliseconds; a shorter sleep is not worth the trouble. */
const shortestSleep = 100;

/** After how many milliseconds it tries again, where the end of what keeps it awake is not told. */
const pace = 1000;

/** What is needed to sleep. */
export interface Bed {
  /** Seconds with nothing to do after which it sleeps. */
  readonly after: number;
  readonly installation: Installation;
  /** Whether it has slept, and woken by something; then that may be something else than what it fell asleep with. */
  readonly isWoken: boolean;
}

export interface HibernationParts extends Bed {
  /** Signals that wake it. */
  readonly signals: readonly number[];
}

/** The document for the image that wakes. */
type Written = (kept: Kept, asleep: Pick<HandoverDocument, 'installation'>) => HandoverDocument | undefined;

export class Hibernation {
  #run: Run | undefined;
  #stirred = now();
  #mayUpgrade: boolean;

  constructor(private readonly parts: HibernationParts) {
    this.#mayUpgrade = parts.isWoken;
  }

  attach(run: Run): void {
    this.#run = run;
  }

  /** Something has happened. */
  stir(): void {
    this.#stirred = now();
  }

  /**
   * Whether, right after it has woken, files that were not tried yet are installed in place of those it was started
   * from.
   */
  wantsUpgrade(): boolean {
    const { installation } = this.parts;
    const wants = this.#mayUpgrade && !installation.isInPlace && installation.refused !== installation.identityThere;
    this.#mayUpgrade = false;
    return wants;
  }

  upgradeRefused(): void {
    const { installation } = this.parts;
    installation.refused = installation.isInPlace ? undefined : installation.identityThere;
  }

  /** Sleeps if it has been quiet for long enough, and then does not return; otherwise gives the time to try again. */
  atRest(deadline: number, written: Written): number {
    const due = this.#stirred + this.parts.after * 1000;
    const at = now();
    if (at < due) return due;
    if (deadline - at < shortestSleep || this.#hasOldWorkers) return Infinity;
    if (this.#run === undefined || this.#run.clients > 0) return Infinity; // a client that leaves wakes the loop
    this.#sleep(this.#run, deadline, written);
    return now() + pace;
  }

  close(): void {
    this.parts.installation.close();
  }

  get #hasOldWorkers(): boolean {
    const state = this.#run?.state;
    return state === undefined || state.old.length > 0 || state.ending.length > 0;
  }

  /** Returns only if it cannot sleep at the moment. */
  #sleep(run: Run, until: number, written: Written): void {
    const { installation, signals } = this.parts;
    const watch = run.watchForChange();
    if (watch === 'changed') return;
    let descriptor: number | undefined;
    try {
      const kept = new Kept();
      const document = written(kept, { installation: installation.handOver(kept.keep) });
      if (document === undefined || isWaiting(document)) return;
      descriptor = writeDocument(encodeDocument(document));
      const readable = [...run.readable, ...(watch === undefined ? [] : [watch])];
      fallAsleep({ installation, calling: document.command, signals, readable, until, document: descriptor }, kept);
    } catch (error) {
      if (!isSystemError(error)) throw error; // refused, perhaps for want of memory: it is tried again
    } finally {
      for (const one of [descriptor, watch]) if (one !== undefined) closeDescriptor(one);
    }
  }
}

/** For a reader of the log, or to start a logger again: the sleeper would do neither. */
function isWaiting({ output, logger }: HandoverDocument): boolean {
  return output.waiting.length > 0 || (logger !== undefined && logger.pid === undefined);
}
