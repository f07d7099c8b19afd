/** The kernel's tables of internet sockets, as /proc/net shows them. */

/** Where an internet socket may be bound; the address in the order of the network. */
export interface InternetPlace {
  readonly kind: 'tcp' | 'udp';
  readonly address: readonly number[];
  readonly port: number;
}

/** The text in /proc/net/{tcp,tcp6,udp,udp6}: words of 32 bits in the order of this machine, `0100007F:1F90`. */
export function tableAddress({ address, port }: InternetPlace, isLittleEndian: boolean): string {
  const words = Array.from({ length: address.length / 4 }, (_, index) => {
    const word = address.slice(4 * index, 4 * index + 4);
    return (isLittleEndian ? word.reverse() : word).map((byte) => hexadecimal(byte, 2)).join('');
  });
  return `${words.join('')}:${hexadecimal(port, 4)}`;
}

function hexadecimal(number: number, digits: number): string {
  return number.toString(16).toUpperCase().padStart(digits, '0');
}

/** LISTEN for TCP; for UDP, which has no such state, a socket that is connected to nobody. */
const waiting = { tcp: '0A', udp: '07' } as const;

/** The inodes of the sockets that wait for clients at an address that is wanted. */
export function internetSocketsIn(
  table: string,
  kind: 'tcp' | 'udp',
  isWanted: (address: string) => boolean,
): string[] {
  const rows = table.matchAll(/^ *\d+: (\S+) \S+ ([0-9A-F]{2}) \S+ \S+ \S+ +\d+ +\d+ (\d+) /gm);
  return Array.from(rows, ([, local = '', state, inode = '']) =>
    state === waiting[kind] && inode !== '0' && isWanted(local) ? [inode] : [],
  ).flat();
}

/**
 * Whether a socket with the address `there` may keep another one from the address `here`: they are the same, or one of them
 * is for all addresses. `::` may be for all of IPv4 as well.
 */
export function isInTheWay(there: string, here: string): boolean {
  const [address = '', port] = there.split(':');
  const [ours = '', wanted] = here.split(':');
  if (port !== wanted) return false;
  const isAll = (hexadecimals: string) => /^0+$/.test(hexadecimals);
  return address === ours || isAll(address) || (isAll(ours) && address.length === ours.length);
}

/** Whether this part of /proc/net/tcp is beyond the sockets that listen, which come first. */
export function isBeyondListening(part: string): boolean {
  return /^ *\d+: \S+ \S+ (?!0A)[0-9A-F]{2} /m.test(part);
}
