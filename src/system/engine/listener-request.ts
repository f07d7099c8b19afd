/** A socket that is to be opened. */
export interface ListenerRequest {
  family: 'inet' | 'inet6' | 'unix';
  type: 'stream' | 'datagram';
  /** A numeric address, or the path of a unix socket. */
  address: string;
  /** 0 lets the system choose; ignored for unix. */
  port: number;
  /** For listen(2), stream sockets only; where it is left out, the address is taken, and nobody can connect. */
  backlog?: number | undefined;
  /** The mode of a unix socket's file, from its first moment on, whatever the umask; 0o777 where it is left out. */
  mode?: number;
  /** Who is to own that file, before anybody can connect; where it is left out, the system decides. */
  owner?: number;
  group?: number;
}
