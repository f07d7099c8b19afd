/** A status report for people. */
import { shellWords } from '../text/shell-words.js';
import type { FailureReport, ListenerReport, StatusReport, WorkerReport } from './status-report.js';

/** Several lines; the last one has its newline. */
export function statusTable(report: StatusReport): string {
  const { pid, state, generation, workers, listeners, command, tried, closing, leftBehind, lastFailure } = report;
  const blocks = [
    [`start_server (pid:${String(pid)}): ${state === undefined ? '' : `${state}, `}generation ${String(generation)}`],
    workers.length === 0 ? ['no workers'] : columns([['GENERATION', 'PID', 'STATE', 'AGE'], ...workers.map(workerRow)]),
    listeners === undefined || listeners.length === 0
      ? []
      : columns([['LISTENER', 'KIND', 'ADDRESS'], ...listeners.map(listenerRow)]),
    leftBehind === undefined ? [] : [`left behind, and serving: ${leftBehind.join(', ')}`],
    command === undefined ? [] : [`command line: start_server ${shellWords(command)}`],
    tried === undefined ? [] : [`on trial: start_server ${shellWords(tried)}`],
    closing === undefined ? [] : [`closed after the old workers: ${closing.map(({ name }) => name).join(', ')}`],
    lastFailure === undefined ? [] : failureLines(lastFailure),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function workerRow({ generation, pid, state, age }: WorkerReport): string[] {
  return [String(generation), String(pid), state, age === undefined ? '-' : inWords(age)];
}

function listenerRow({ name, kind, address, port }: ListenerReport): string[] {
  if (port === undefined) return [name, kind, address];
  return [name, kind, `${address.includes(':') ? `[${address}]` : address}:${String(port)}`];
}

function failureLines({ age, output, ...failure }: FailureReport & { age: number }): string[] {
  return [`last failure: ${failureInWords(failure)}, ${inWords(age)} ago`, ...indented(output ?? [])];
}

/** `generation 2, pid 4712, exit code 1 (wait status 256)`. */
export function failureInWords({ generation, pid, waitStatus, ending }: FailureReport): string {
  const parts = [`generation ${String(generation)}`, ...(pid === undefined ? [] : [`pid ${String(pid)}`]), ending];
  return parts.join(', ') + (waitStatus === undefined ? '' : ` (wait status ${String(waitStatus)})`);
}

/** The output of a worker, set off from our own lines. */
export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  | ${line}`);
}

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** The two largest units: `3d 4h`, `12m 5s`, `0s`. */
export function inWords(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds));
  const parts = units.map(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return { count, text: `${String(count)}${unit}` };
  });
  const first = parts.findIndex(({ count }) => count > 0);
  if (first < 0) return '0s';
  const shown = parts.slice(first, first + 2).filter(({ count }) => count > 0);
  return shown.map(({ text }) => text).join(' ');
}

/** As wide as they have to be. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
