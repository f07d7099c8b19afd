/** What the service manager, systemd, tells a process that it starts, by variables that are not meant for workers. */
import { valueIn, type EnvironmentLookup } from '../workers/environment.js';

/** A descriptor that was handed down under a name. */
export interface GivenDescriptor {
  readonly descriptor: number;
  readonly name: string;
}

export interface ManagerEnvironment {
  /** The socket at which it wants to be told: `/PATH` or `@ABSTRACT`. */
  readonly notifySocket: string | undefined;
  /** Whether it takes another process for the main one of the service. */
  readonly isStranger: boolean;
  /** Milliseconds within which it wants a sign of life; undefined where it wants none from this process. */
  readonly watchdog: number | undefined;
  /** The descriptors of LISTEN_FDS, in their order. */
  readonly descriptors: readonly GivenDescriptor[];
  /** `DEVICE:INODE` of the stream that goes into the journal. */
  readonly journal: string | undefined;
}

/** Variables that workers do not get, or only with our values. JOURNAL_STREAM is not among them: it is true for workers. */
const variables = [
  ...['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID', 'FDSTORE', 'SYSTEMD_EXEC_PID', 'MAINPID'],
  ...['LISTEN_PID', 'LISTEN_PIDFDID', 'LISTEN_FDS', 'LISTEN_FDNAMES'],
];

const entryOfThese = new RegExp(`^(?:${variables.join('|')})=`);

export function withoutVariables(environment: readonly string[]): string[] {
  return environment.filter((entry) => !entryOfThese.test(entry));
}

/** The first descriptor of LISTEN_FDS. */
const firstDescriptor = 3;

/** `ours` are the pids that count as this process: its own, and that of the command in whose place a daemon runs. */
export function readManagerEnvironment(environment: readonly string[], ours: readonly number[]): ManagerEnvironment {
  const lookUp: EnvironmentLookup = (name) => valueIn(environment, name);
  const isOurs = (name: string) => ours.map(String).includes(lookUp(name) ?? '');
  return {
    notifySocket: unlessEmpty(lookUp('NOTIFY_SOCKET')),
    isStranger: lookUp('SYSTEMD_EXEC_PID') !== String(ours[0]),
    watchdog: lookUp('WATCHDOG_PID') === undefined || isOurs('WATCHDOG_PID') ? milliseconds(lookUp) : undefined,
    descriptors: isOurs('LISTEN_PID') ? descriptors(lookUp) : [],
    journal: lookUp('JOURNAL_STREAM'),
  };
}

/** As many microseconds mean "never" to systemd, which has 64 bits for them. */
const never = 2 ** 64;

function milliseconds(lookUp: EnvironmentLookup): number | undefined {
  const microseconds = Number(/^\d+$/.exec(lookUp('WATCHDOG_USEC') ?? '')?.[0]);
  return microseconds > 0 && microseconds < never ? microseconds / 1000 : undefined;
}

/**
 * A descriptor without a name has the one that systemd gives it. A number of six digits is no number of sockets: to look at so
 * many descriptors, none of which is open, took half a minute.
 */
function descriptors(lookUp: EnvironmentLookup): GivenDescriptor[] {
  const count = Number(/^\d{1,5}$/.exec(lookUp('LISTEN_FDS') ?? '')?.[0] ?? 0);
  const names = (lookUp('LISTEN_FDNAMES') ?? '').split(':');
  return Array.from({ length: count }, (_, index) => ({
    descriptor: firstDescriptor + index,
    name: unlessEmpty(names[index]) ?? 'unknown',
  }));
}

function unlessEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
