/** What signals mean from now on, by their numbers. A signal that is in none of the lists stays as it is. */
export interface SignalPlan {
  /** Noted, and told to the listener. */
  readonly handled: readonly number[];
  readonly ignored: readonly number[];
  /** Back to what the system does by itself. */
  readonly standard: readonly number[];
  /** The signal mask: all other signals come through. */
  readonly blocked: readonly number[];
}

/** What the preloaded library (native/preload) has noted before node began. */
export interface Launch {
  /** Signals that were blocked, and that were ignored. */
  readonly blocked: readonly number[];
  readonly ignored: readonly number[];
  /** Standard descriptors that were not open. */
  readonly closed: readonly number[];
  /** Descriptors above the standard ones that an exec leaves open, in ascending order. */
  readonly inherited: readonly number[];
}
