/** Counters and state in the text format of Prometheus, version 0.0.4. */
import type { StatusReport } from './status-report.js';

type Kind = 'counter' | 'gauge';
type Sample = readonly [labels: string, value: number];

interface Metric {
  /** Behind `start_server_`. */
  readonly name: string;
  readonly kind: Kind;
  readonly help: string;
  readonly samples: (report: StatusReport) => readonly Sample[];
}

const states = ['starting', 'current', 'old', 'ending'] as const;

function one(value: number | undefined): readonly Sample[] {
  return value === undefined ? [] : [['', value]];
}

/** Every metric, once: docs/monitoring.md lists the same names. */
export const metrics: readonly Metric[] = [
  {
    name: 'info',
    kind: 'gauge',
    help: 'The version of superdaemon; always 1.',
    samples: ({ version }) => (version === undefined ? [] : [[`{version="${escaped(version)}"}`, 1]]),
  },
  {
    name: 'start_time_seconds',
    kind: 'gauge',
    help: 'When it was started, in seconds since 1970.',
    samples: ({ counters }) => one(counters?.startTime),
  },
  {
    name: 'generation',
    kind: 'gauge',
    help: 'The counter of generations, failed starts included.',
    samples: ({ generation }) => one(generation),
  },
  {
    name: 'workers',
    kind: 'gauge',
    help: 'Workers that live, by what they are.',
    samples: ({ workers }) =>
      states.map((state) => [`{state="${state}"}`, workers.filter((worker) => worker.state === state).length]),
  },
  {
    name: 'worker_age_seconds',
    kind: 'gauge',
    help: 'The age of the worker that serves.',
    samples: ({ workers }) => one(workers.find(({ state }) => state === 'current')?.age),
  },
  {
    name: 'failed_starts_total',
    kind: 'counter',
    help: 'New workers that have failed to start.',
    samples: ({ counters }) => one(counters?.failedStarts),
  },
  {
    name: 'unexpected_deaths_total',
    kind: 'counter',
    help: 'Workers that had started well, and died without having been told to.',
    samples: ({ counters }) => one(counters?.unexpectedDeaths),
  },
  {
    name: 'forced_ends_total',
    kind: 'counter',
    help: 'Workers that were killed, since they had not ended in time.',
    samples: ({ counters }) => one(counters?.forcedEnds),
  },
  {
    name: 'restarts_total',
    kind: 'counter',
    help: 'Restarts that are over, by how they ended.',
    samples: ({ counters }) =>
      counters === undefined
        ? []
        : [
            ['{result="done"}', counters.restarts],
            ['{result="failed"}', counters.failedRestarts],
          ],
  },
  {
    name: 'upgrades_total',
    kind: 'counter',
    help: 'How often it has become another version of itself in place.',
    samples: ({ counters }) => one(counters?.upgrades),
  },
  {
    name: 'last_restart_time_seconds',
    kind: 'gauge',
    help: 'When the last restart ended well, in seconds since 1970.',
    samples: ({ counters }) => one(counters?.lastRestart?.time),
  },
  {
    name: 'last_restart_duration_seconds',
    kind: 'gauge',
    help: 'How long that restart took, until its worker had started well.',
    samples: ({ counters }) => one(counters?.lastRestart?.took),
  },
  {
    name: 'left_processes',
    kind: 'gauge',
    help: 'Processes that a worker has left, and that serve on.',
    samples: ({ leftBehind }) => one(leftBehind?.length ?? 0),
  },
];

/** Ends with a newline, as the format wants it. */
export function prometheusText(report: StatusReport): string {
  const blocks = metrics.flatMap(({ name, kind, help, samples }) => {
    const found = samples(report);
    if (found.length === 0) return [];
    const whole = `start_server_${name}`;
    const lines = found.map(([labels, value]) => `${whole}${labels} ${String(value)}`);
    return [`# HELP ${whole} ${help}`, `# TYPE ${whole} ${kind}`, ...lines];
  });
  return `${blocks.join('\n')}\n`;
}

function escaped(value: string): string {
  return value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n');
}
