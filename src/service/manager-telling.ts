/** Tells a service manager of every decision, and that the loop is alive. */
import type { TellingPart } from '../core/handover/manager-part.js';
import { startedIn } from '../core/loop/generation-events.js';
import type { State } from '../core/loop/state.js';
import type { Step } from '../core/loop/step.js';
import type { Event, Settings } from '../core/loop/types.js';
import type { ManagerEnvironment } from '../core/manager/manager-environment.js';
import { statusSentence, type SentenceFacts } from '../core/manager/status-sentence.js';
import { cancelledErrno, nothingTold, tell } from '../core/manager/told.js';
import type { Notifier } from '../system/manager/notifier.js';
import { Watchdog } from '../system/manager/watchdog.js';
import { timeOfDay } from '../system/loop/clock.js';
import { printable } from '../system/output/printable.js';
import type { FailureMemory, Remembered } from './failure-memory.js';

/** A message has 4 KiB at most, and the sentence may become longer when it is sent. */
const longestSentence = 1000;

export interface TellingParts {
  readonly settings: () => Settings;
  readonly failures: Pick<FailureMemory, 'last'>;
}

export class ManagerTelling {
  #told = nothingTold;
  readonly #since = new Map<number, string>();
  readonly #said = new Map<number, string>();
  #lastFailure: SentenceFacts['lastFailure'];
  #remembered: Remembered | undefined;
  readonly #watchdog: Watchdog | undefined;

  constructor(
    private readonly notifier: Notifier,
    { isStranger, watchdog }: ManagerEnvironment,
    private readonly parts: TellingParts,
    taken?: TellingPart,
  ) {
    if (taken !== undefined) this.#takeUp(taken);
    const ping = (): void => notifier.sendIfRoom('WATCHDOG=1');
    this.#watchdog = watchdog === undefined ? undefined : new Watchdog(watchdog, ping);
    if (isStranger) notifier.send(`MAINPID=${String(process.pid)}`);
  }

  handOver(): TellingPart {
    const { waitsUntil, ...told } = this.#told;
    const lastFailure = this.#lastFailure;
    return {
      told: { ...told, ...(waitsUntil !== nothingTold.waitsUntil && { waitsUntil }) },
      since: Array.from(this.#since, ([pid, at]) => ({ pid, at })),
      said: Array.from(this.#said, ([pid, text]) => ({ pid, text })),
      ...(lastFailure && { lastFailure }),
    };
  }

  #takeUp({ told, since, said, lastFailure }: TellingPart): void {
    this.#told = { ...nothingTold, ...told };
    for (const { pid, at } of since) this.#since.set(pid, at);
    for (const { pid, text } of said) this.#said.set(pid, text);
    this.#lastFailure = lastFailure;
    this.#remembered = this.parts.failures.last;
  }

  /** To be called after the memory of failures was told. */
  observe(before: State, event: Event, decision: Step): void {
    this.#learn(before, event, decision);
    const happening = { before, event, decision, settings: this.parts.settings() };
    const { told, messages } = tell(this.#told, happening, ({ errno }) => this.#sentence(decision, errno));
    this.#told = told;
    for (const message of messages) this.notifier.send(message);
  }

  /** To be called by the loop at each of its turns; gives back when it wants to be called again. */
  turn(now: number): number {
    return this.#told.isReady && this.#watchdog !== undefined ? this.#watchdog.turn(now) : Infinity;
  }

  #learn(before: State, event: Event, { state }: Step): void {
    if (event.type === 'said') this.#said.set(event.pid, event.text);
    if (event.type === 'died') for (const known of [this.#since, this.#said]) known.delete(event.pid);
    const started = startedIn(before, state);
    if (started !== undefined) this.#since.set(started.pid, timeOfDay());
    const { last } = this.parts.failures;
    if (last === undefined || last === this.#remembered) return;
    this.#remembered = last;
    this.#lastFailure = { report: last.report, at: timeOfDay() };
  }

  #sentence({ state, actions }: Step, errno: number): string {
    const facts = {
      since: this.#since,
      said: this.#said,
      hasFailedRestart: errno !== 0 && errno !== cancelledErrno,
      lastFailure: this.#lastFailure,
      exitCode: actions.find((action) => action.type === 'exit')?.code,
    };
    // With a newline in it, the rest would be another field.
    return printable(statusSentence(state, facts)).slice(0, longestSentence);
  }
}
