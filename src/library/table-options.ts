/** Made by `npm run generate` from src/core/command-line/option-table.ts; do not edit. */

/** A value or several of them. */
export type OneOrMore<T> = T | readonly T[];

/** The options of the command that make sense in a program, under names in camel case. Seconds may have a fraction. */
export interface TableOptions {
  /**
   * listen on a TCP port: PORT (all IPv4 addresses), HOST:PORT or [IPV6]:PORT; u before the number makes it UDP, =N
   * after it gives the program the socket as descriptor N; may be repeated
   */
  readonly port?: OneOrMore<number | string>;
  /**
   * listen on a unix socket at PATH, open to every user; =N after it gives the program the socket as descriptor N; may
   * be repeated
   */
  readonly path?: OneOrMore<string>;
  /**
   * the permissions of each path in octal, such as 0660, in force before anybody can connect
   * @default 0777
   */
  readonly pathMode?: string;
  /**
   * who owns each path, USER, USER:GROUP or :GROUP, by names or numbers, before anybody can connect
   * @default this user
   */
  readonly pathOwner?: string;
  /**
   * how many connections may wait to be accepted
   * @default SOMAXCONN of the system
   */
  readonly backlog?: number;
  /**
   * take these sockets over from a process that serves on them, given by its id or its pid file, and end it when the
   * first worker has started well
   */
  readonly takeOver?: string;
  /**
   * the signal that tells that process to end
   * @default TERM
   */
  readonly takeOverSignal?: string;
  /**
   * a new worker that lives this long has started well; one that dies sooner is replaced, once an interval
   * @default 1
   */
  readonly interval?: number;
  /** run the program in this directory */
  readonly dir?: string;
  /** take variables from the files in this directory (name and first line), anew for every worker */
  readonly envdir?: string;
  /**
   * the signal that tells old workers to end after a restart; see signalOnTerm, too
   * @default TERM
   */
  readonly signalOnHup?: string;
  /**
   * the signal that tells all workers to end when start_server gets TERM
   * @default TERM
   */
  readonly signalOnTerm?: string;
  /**
   * how long old workers go on after the new one has started well
   * @default 0, with auto restart 5
   */
  readonly killOldDelay?: number;
  /** restart by itself whenever the worker is as old as autoRestartInterval says */
  readonly enableAutoRestart?: boolean;
  /**
   * the age at which auto restart replaces a worker
   * @default 360
   */
  readonly autoRestartInterval?: number;
  /**
   * when a new worker has started well: once it has lived for the interval; at READY=1 to NOTIFY_SOCKET (notify); or at
   * a line on the descriptor in SERVER_STARTER_READY_FD (fd)
   * @default interval
   */
  readonly ready?: 'interval' | 'notify' | 'fd';
  /**
   * a worker that does not say that it is ready within this time is ended, and has failed to start
   * @default none
   */
  readonly startTimeout?: number;
  /**
   * a worker that has not ended this long after it was told to is killed
   * @default none
   */
  readonly stopTimeout?: number;
  /**
   * give each worker a process group of its own: KILL reaches all its processes, and those that it leaves behind when
   * it ends
   */
  readonly processGroup?: boolean;
  /** have the system kill the workers when start_server itself is killed (Linux); otherwise they serve on */
  readonly killOrphans?: boolean;
  /**
   * give up a restart after N failed starts in a row; if no worker is left that serves, end
   * @default none
   */
  readonly maxFailures?: number;
  /**
   * let the pause between failed starts double each time, up to this; otherwise it is the interval
   * @default none
   */
  readonly maxPause?: number;
  /** append all output to FILE; "| COMMAND" sends it to the standard input of a command */
  readonly logFile?: string;
  /** begin each line of start_server in the log with local time and offset; the output of workers is theirs */
  readonly logTime?: boolean;
  /** write the process id of start_server to FILE and keep it locked */
  readonly pidFile?: string;
  /** keep generation and process id of every worker in FILE */
  readonly statusFile?: string;
  /** take commands from this user and root on a unix socket at PATH; a command that is given the same PATH uses it */
  readonly control?: string;
  /**
   * give workers sockets as systemd does, too, by LISTEN_FDS: those of port and path (named), or beside them those of
   * systemd that no option names (all)
   * @default none
   */
  readonly listenFds?: 'named' | 'all';
}
