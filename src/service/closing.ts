/** What is to be closed, removed and told when a service ends, or when one of its parts could not be opened. */
export class Closing {
  readonly #acts: (() => void)[] = [];
  readonly #last: (() => void)[] = [];

  /** What is added later is closed earlier. Gives back what it is given. */
  hold<T extends Closable>(opened: T): T {
    this.add(() => {
      opened.close();
    });
    return opened;
  }

  /** The same for an act other than closing something. */
  add(act: () => void): void {
    this.#acts.push(act);
  }

  /** Is closed when everything else is. Gives back what it is given. */
  holdLast<T extends Closable>(opened: T): T {
    this.#last.push(() => {
      opened.close();
    });
    return opened;
  }

  /** Closes everything once. */
  close(): void {
    for (const act of [...this.#acts.splice(0).reverse(), ...this.#last.splice(0)]) act();
  }
}

interface Closable {
  close(): void;
}
