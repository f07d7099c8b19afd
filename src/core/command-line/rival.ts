/** Two listeners of one command line that want the same port: what refuses the second one is our own socket. */
import { isSameAddress } from './address.js';
import type { InternetListenerSpec, ListenerSpec } from './port-spec.js';

export interface Rival {
  readonly key: string;
  /** Both want the same address; otherwise one of the two wants all addresses. */
  readonly isSame: boolean;
}

const allAddresses = { inet: '0.0.0.0', inet6: '::' } as const;

/** The listener before this one that is in its way. Host names have been looked up; port 0 is any that is free. */
export function rivalOf(spec: ListenerSpec, earlier: readonly ListenerSpec[]): Rival | undefined {
  if (spec.kind === 'unix' || spec.port === 0) return undefined;
  const { kind, family, port, address } = spec;
  const all = allAddresses[family];
  const wantsAll = isSameAddress(address, all);
  const rival = earlier.find(
    (one): one is InternetListenerSpec =>
      one.kind === kind &&
      one.family === family &&
      one.port === port &&
      (wantsAll || [address, all].some((each) => isSameAddress(each, one.address))),
  );
  return rival && { key: rival.key, isSame: isSameAddress(rival.address, address) };
}
