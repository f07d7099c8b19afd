/** What may be wrong with a value of the command line; here with that of a `--port` or `--path`. */
import { quoted } from './quoted.js';

/** What is wrong with a value, and the way out where it is not the usual one. */
export interface Fault {
  readonly reason: string;
  readonly remedy?: string;
}

/** What is wrong with the value of a `--port`. */
export const portFaults = {
  tooHigh: (): Fault => ({ reason: 'a port is a number from 0 to 65535' }),
  noIpv6: (host: string): Fault => ({
    reason: `${quoted(host)} is not an IPv6 address`,
    remedy: 'give one as in [::1]:8080',
  }),
  unreadable: (): Fault => ({
    reason: `a host must not contain ";" or "=", ${unreadable}`,
    remedy: 'give its address',
  }),
} as const;

/** What is wrong with the value of a `--path`. */
export const pathFaults = {
  empty: (): Fault => ({ reason: 'it is empty', remedy: 'give the name of a file' }),
  unreadable: (): Fault => ({ reason: `it must not contain ";" or "=", ${unreadable}` }),
  tooLong: (length: number, longest: number): Fault => ({
    reason: `${String(length)} bytes are too long for a unix socket, the system takes ${String(longest)}`,
    remedy: 'give a shorter path, a relative one for instance',
  }),
} as const;

const unreadable = 'since no worker could read it back from SERVER_STARTER_PORT';

/** Why a host cannot have an address, so that no name server is asked. */
export const hostFaults = {
  empty: () => 'the host is empty',
  noName: (host: string) => `${quoted(host)} is neither a host name nor an IPv4 address`,
} as const;
