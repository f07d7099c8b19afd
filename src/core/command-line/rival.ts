/** Two listeners of one command line that want the same port: what refuses the second one is our own socket. */
import type { InternetListenerSpec, ListenerSpec } from './port-spec.js';

export interface Rival {
  readonly key: string;
  /** Both want the same address; otherwise one of the two wants all addresses. */
  readonly isSame: boolean;
}

const allAddresses = ['0.0.0.0', '::'];

/** The listener before this one that is in its way. Host names have been looked up; port 0 is any that is free. */
export function rivalOf(spec: ListenerSpec, earlier: readonly ListenerSpec[]): Rival | undefined {
  if (spec.kind === 'unix' || spec.port === 0) return undefined;
  const { address = '' } = spec;
  const wantsAll = allAddresses.includes(address);
  const rival = earlier.find(
    (one): one is InternetListenerSpec =>
      one.kind === spec.kind &&
      one.family === spec.family &&
      one.port === spec.port &&
      (wantsAll || [address, ...allAddresses].includes(one.address ?? '')),
  );
  return rival && { key: rival.key, isSame: rival.address === address };
}
