/** Which processes serve on though the worker that they descend from has ended, so that nobody ends them. */

/** A process that has one of our sockets, though no ancestor has it. */
export interface TopHolder {
  readonly pid: number;
  /** From the parent up. */
  readonly ancestors: readonly number[];
  /** Whether it is a start_server, or below one: a start_server that has taken our sockets ends its workers itself. */
  readonly isOfAnother: boolean;
}

/** `living`: our workers. */
export function outliving(holders: readonly TopHolder[], living: readonly number[]): number[] {
  const ours = new Set(living);
  const isOurs = ({ pid, ancestors }: TopHolder) => [pid, ...ancestors].some((one) => ours.has(one));
  return holders.filter((one) => !one.isOfAnother && !isOurs(one)).map(({ pid }) => pid);
}
