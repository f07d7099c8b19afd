/** A socket, whoever has opened it. */
export interface SocketFacts {
  readonly family: 'inet' | 'inet6' | 'unix' | 'other';
  readonly type: 'stream' | 'datagram' | 'other';
  /** Numeric; of a unix socket the path, or `@` and an abstract name; empty where it is not bound. */
  readonly address: string;
  /** 0 where its family has none. */
  readonly port: number;
  /** Whether listen(2) was called. */
  readonly isListening: boolean;
  /** Whether an IPv6 socket is IPv6's only: one of `::` serves IPv4, too, where it is not. */
  readonly isOnlyV6: boolean;
}
