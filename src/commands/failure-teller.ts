/**
 * Tells the failures of a restart while it is waited for. A failure that comes again, as it may each second, is only
 * counted.
 */
import { controlMessages } from '../core/text/control-messages.js';
import { sameWords } from '../core/report/last-words.js';
import type { FailureReport } from '../core/report/status-report.js';
import { failureInWords, indented } from '../core/report/status-table.js';

export class FailureTeller {
  #last: FailureReport | undefined;
  #again = 0;

  constructor(private readonly say: (line: string) => void) {}

  get last(): FailureReport | undefined {
    return this.#last;
  }

  tell(failure: FailureReport): void {
    const isSame = this.#last !== undefined && isAlike(failure, this.#last);
    this.#last = failure;
    if (isSame) {
      this.#again += 1;
      return;
    }
    this.finish();
    for (const line of [controlMessages.failedStart(failureInWords(failure)), ...indented(failure.output ?? [])])
      this.say(line);
  }

  /** To be called before anything else is said. */
  finish(): void {
    if (this.#again > 0) this.say(controlMessages.failedAlike(this.#again));
    this.#again = 0;
  }
}

function isAlike(one: FailureReport, other: FailureReport): boolean {
  return one.ending === other.ending && sameWords(one.output ?? [], other.output ?? []);
}
