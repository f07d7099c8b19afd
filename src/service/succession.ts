/**
 * How a superdaemon becomes another image of itself, or sleeps: same process, same sockets, same workers. It is asked for,
 * checked by a child that is the other image, and done at a moment when nothing is under way.
 */
import { decodeImage, type CheckedImage } from '../core/handover/checked-image.js';
import { encodeDocument, type Calling, type HandoverDocument } from '../core/handover/document.js';
import { messages, type ImageName } from '../core/loop/messages.js';
import { isRunEnding } from '../core/loop/state.js';
import { inOneLine } from '../core/report/last-words.js';
import { waitStatusInWords } from '../core/report/wait-status.js';
import { upgradeReasons } from '../core/text/upgrade-reasons.js';
import { giveBackMemoryWhenQuiet } from '../system/engine/engine-memory.js';
import { Kept } from '../system/engine/keep.js';
import { signals, version } from '../system/engine/platform.js';
import { isSystemError } from '../system/engine/system-error.js';
import { writeDocument } from '../system/handover/document-file.js';
import { ImageCheck } from '../system/handover/image-check.js';
import { preloaded } from '../system/handover/preloaded.js';
import { become, type Successor } from '../system/handover/successor.js';
import { now } from '../system/loop/clock.js';
import type { Inbox } from '../system/loop/inbox.js';
import type { ProcessOutput } from '../system/output/output.js';
import type { EveryChild } from '../system/processes/children.js';
import type { DaemonReport } from '../system/processes/daemon.js';
import type { Inheritance } from '../system/processes/inheritance.js';
import { refusalToRun } from '../system/processes/refusal-to-run.js';
import { closeDescriptor } from '../system/engine/descriptors.js';
import { reasonOf } from './attempt.js';
import type { Hibernation } from './hibernation.js';
import type { Run } from './run.js';

/** Milliseconds that the other image may take to say whether it can go on. */
const checkPatience = 60_000;

/** Milliseconds between two looks for a moment at which nothing is under way, before the check. */
const startPace = 100;

/** How many milliseconds such a moment is waited for after it, and how many between two looks. */
const restPatience = 10_000;
const restPace = 10;

/** Which program this process is. */
export const thisImage: ImageName = { superdaemon: version, node: process.versions.node };

export interface SuccessionParts {
  readonly calling: Calling;
  readonly inheritance: Inheritance;
  readonly children: EveryChild;
  readonly inbox: Inbox;
  readonly output: ProcessOutput;
  /** A daemon's report to the process in the foreground. */
  readonly report: DaemonReport | undefined;
  readonly isDaemon: boolean;
  /** Undefined where it never sleeps. */
  readonly hibernation: Hibernation | undefined;
}

export class Succession {
  #run: Run | undefined;
  #isAsked = false;
  #check: ImageCheck | undefined;
  #next: { readonly image: CheckedImage; readonly since: number } | undefined;
  #tellRefused: (reason: string) => void = () => undefined;

  constructor(private readonly parts: SuccessionParts) {}

  /** To be called once, before the loop runs. */
  attach(run: Run): void {
    this.#run = run;
    this.parts.hibernation?.attach(run);
  }

  /** Whoever has asked for an upgrade is told that it was refused, and why. */
  whenRefused(tell: (reason: string) => void): void {
    this.#tellRefused = tell;
  }

  /** Begins an upgrade, unless one is under way. */
  begin(): void {
    this.#isAsked = true;
  }

  /** Something has happened. */
  stir(): void {
    this.parts.hibernation?.stir();
  }

  /** Whether the child that ended was the other image. Once it has agreed, its end is that of any child. */
  takesEndOf(pid: number, status: number): boolean {
    const check = this.#check;
    if (check?.pid !== pid) return false;
    const hasAgreed = status === 0 && this.#hasAgreed(check);
    if (!hasAgreed) this.#refuse(reasonIn(this.#endOf(check), status));
    return true;
  }

  /**
   * To be called when there is nothing to do before `deadline`; gives the time to call it again. It does not return where
   * this process becomes another image.
   */
  atRest(deadline: number): number {
    if (this.#isEnding) return Infinity;
    const { hibernation } = this.parts;
    if (hibernation?.wantsUpgrade() === true) this.begin();
    if (this.#check !== undefined && !this.#hasAgreed(this.#check)) return Infinity;
    if (this.#next !== undefined) return this.#become(this.#next);
    if (this.#isAsked) return this.#startCheck();
    giveBackMemoryWhenQuiet();
    return hibernation?.atRest(deadline, (kept, asleep) => this.#document(kept, asleep)) ?? Infinity;
  }

  close(): void {
    this.#check?.kill();
    this.parts.hibernation?.close();
  }

  get #isEnding(): boolean {
    return this.#run === undefined || isRunEnding(this.#run.state);
  }

  #startCheck(): number {
    const obstacle = obstacleTo(this.parts.calling.calledAs);
    if (obstacle !== undefined) return this.#refuse(obstacle);
    const document = this.#document(new Kept());
    if (document === undefined) return now() + startPace; // not all ends of what is under way wake the loop
    let descriptor: number | undefined;
    try {
      descriptor = writeDocument(encodeDocument(document));
      const check = ImageCheck.start({ ...this.parts, ...document.command, document: descriptor });
      this.#check = check;
      this.parts.inbox.later(checkPatience, () => {
        if (this.#check === check) check.kill();
      });
      return Infinity; // its end wakes the loop
    } catch (error) {
      return this.#refuseFor(error);
    } finally {
      if (descriptor !== undefined) closeDescriptor(descriptor);
    }
  }

  /** Its answer is the last that the child does: its end, for which the kernel takes two milliseconds, is not waited for. */
  #hasAgreed(check: ImageCheck): boolean {
    const image = decodeImage(check.readAnswer());
    if (image === undefined) return false;
    this.#endOf(check);
    this.#next = { image, since: now() };
    return true;
  }

  /** Gives what the child has said besides its answer. */
  #endOf(check: ImageCheck): string {
    this.#check = undefined;
    return check.close();
  }

  #become({ image, since }: { readonly image: CheckedImage; readonly since: number }): number {
    const kept = new Kept();
    const document = this.#document(kept);
    if (document === undefined) {
      if (now() - since < restPatience) return now() + restPace;
      return this.#refuse(upgradeReasons.neverAtRest(restPatience / 1000));
    }
    let descriptor: number | undefined;
    try {
      descriptor = writeDocument(encodeDocument(document));
      const { calledAs, words } = document.command;
      return become({ ...image, calledAs, words } satisfies Successor, descriptor, kept);
    } catch (error) {
      if (descriptor !== undefined) closeDescriptor(descriptor);
      return this.#refuseFor(error);
    }
  }

  /** Undefined while something is under way that would be lost. `asleep`: what the image that wakes has to know besides. */
  #document(kept: Kept, asleep: Partial<Pick<HandoverDocument, 'installation'>> = {}): HandoverDocument | undefined {
    const { calling, inheritance, children, output, report, isDaemon } = this.parts;
    const written = output.handOver();
    const part = this.#run?.handOver(kept.keep);
    if (written === undefined || part === undefined) return undefined;
    children.reapTold();
    for (const descriptor of inheritance.descriptors) kept.keep(descriptor);
    if (written.isRedirected) for (const descriptor of [1, 2]) kept.keep(descriptor);
    return {
      writer: thisImage,
      command: { ...calling, words: this.#run?.adoptedWords ?? calling.words },
      inheritance,
      isDaemon,
      output: written,
      ...(report && { report: report.handOver(kept.keep) }),
      ...part,
      ...asleep,
    };
  }

  #refuseFor(error: unknown): number {
    if (!isSystemError(error)) throw error;
    return this.#refuse(upgradeReasons.refusedBySystem(error.syscall, reasonOf(error)));
  }

  /** Gives the time to go on, which is now. */
  #refuse(reason: string): number {
    this.#isAsked = false;
    this.#next = undefined;
    this.parts.hibernation?.upgradeRefused();
    this.#run?.say(messages.upgradeRefused(reason));
    this.#tellRefused(reason);
    return now();
  }
}

/** Why nothing needs to be tried. */
function obstacleTo(calledAs: string): string | undefined {
  if (preloaded() === undefined) return upgradeReasons.notPreloaded();
  const refusal = refusalToRun(calledAs);
  return isSystemError(refusal) ? upgradeReasons.cannotBeRun(calledAs, reasonOf(refusal)) : undefined;
}

function reasonIn(errors: string, status: number): string {
  return upgradeReasons.checkFailed(waitStatusInWords(status, signals.names), inOneLine(errors.split('\n')));
}
