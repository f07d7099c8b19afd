/** A socket, whoever has opened it. */
export interface SocketFacts {
  readonly family: 'inet' | 'inet6' | 'unix' | 'other';
  readonly type: 'stream' | 'datagram' | 'other';
  /** The numeric address; for a unix socket the path, or `@` and an abstract name; empty where it is not bound. */
  readonly address: string;
  /** The port, 0 where its family has none. */
  readonly port: number;
  /** Whether listen(2) was called. */
  readonly isListening: boolean;
  /** Whether an IPv6 socket is for IPv6 only; otherwise one that is bound to `::` serves IPv4, too. */
  readonly isOnlyV6: boolean;
}
