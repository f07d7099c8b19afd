/** Signs of life for the service manager. The loop itself gives them, so a loop that hangs gives none. */
export class Watchdog {
  #next = -Infinity;

  /** `patience`: how many milliseconds may pass between two signs. */
  constructor(
    private readonly patience: number,
    private readonly ping: () => void,
  ) {}

  /** To be called at each turn of the loop; gives back when it wants to be called again. */
  turn(now: number): number {
    if (now >= this.#next) {
      this.ping();
      this.#next = now + this.patience / 2;
    }
    return this.#next;
  }
}
