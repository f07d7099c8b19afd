/** A time after which something is no longer waited for. */
export class TimeLimit {
  #isOver = false;
  #over: () => void = () => undefined;
  /** Fulfilled when it is over, unless it was cleared before. */
  readonly over = new Promise<undefined>((resolve) => {
    this.#over = () => {
      resolve(undefined);
    };
  });
  readonly #timer: NodeJS.Timeout | undefined;

  /** Begins now; with undefined it is never over. */
  constructor(seconds: number | undefined) {
    if (seconds === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#isOver = true;
        this.#over();
      },
      Math.min(seconds * 1000, longestTimer),
    );
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** What the promise gives, or undefined when the time is over first. */
  within<T>(promise: Promise<T>): Promise<T | undefined> {
    // What never comes would remember every race for it.
    return this.#timer === undefined ? promise : Promise.race([promise, this.over]);
  }

  /** To be called when there is nothing to wait for any more. */
  clear(): void {
    clearTimeout(this.#timer);
  }
}

/** The longest time a timer of node can be set to, in milliseconds: 24 days. */
export const longestTimer = 2 ** 31 - 1;

/** What is done within a limit of its own. */
export async function forSeconds<T>(seconds: number, act: (limit: TimeLimit) => Promise<T>): Promise<T> {
  const limit = new TimeLimit(seconds);
  try {
    return await act(limit);
  } finally {
    limit.clear();
  }
}
