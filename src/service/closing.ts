/** What is to be closed, removed and told when a service ends, or when one of its parts could not be opened. */
export class Closing {
  #acts: Act[] = [];
  readonly #last: Act[] = [];

  /** What is added later is closed earlier. Gives back what it is given. */
  hold<T extends Closable>(opened: T): T {
    this.#acts.push({ of: opened, act: closeOf(opened) });
    return opened;
  }

  /** The same for an act other than closing something; `of` is what it belongs to. */
  add(act: () => void, of: unknown = act): void {
    this.#acts.push({ of, act });
  }

  /** Gives back how to close what is held from here on. */
  mark(): () => void {
    const before = new Set(this.#acts);
    return () => {
      const since = this.#acts.filter((one) => !before.has(one));
      this.#acts = this.#acts.filter((one) => before.has(one));
      for (const { act } of since.reverse()) act();
    };
  }

  /** Closes something of this before the end, for nobody needs it any more. */
  closeNow(opened: Closable): void {
    const acts = this.#acts.filter(({ of }) => of === opened);
    this.#acts = this.#acts.filter(({ of }) => of !== opened);
    for (const { act } of acts) act();
  }

  /** Is closed when everything else is. Gives back what it is given. */
  holdLast<T extends Closable>(opened: T): T {
    this.#last.push({ of: opened, act: closeOf(opened) });
    return opened;
  }

  /** Closes everything once. */
  close(): void {
    for (const { act } of [...this.#acts.splice(0).reverse(), ...this.#last.splice(0)]) act();
  }
}

export interface Closable {
  close(): void;
}

interface Act {
  readonly of: unknown;
  readonly act: () => void;
}

function closeOf(opened: Closable): () => void {
  return () => {
    opened.close();
  };
}
