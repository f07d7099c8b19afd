/** `--show-status`: what a running superdaemon says about itself or, where it has no control socket, what its files say. */
import type { Reach, StatusFiles, StatusFormat } from '../core/command-line/control-command.js';
import { controlMessages } from '../core/text/control-messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { StarterError } from '../core/text/starter-error.js';
import { workersIn } from '../core/report/status-format.js';
import type { StatusReport, WorkerReport } from '../core/report/status-report.js';
import { prometheusText } from '../core/report/prometheus.js';
import { statusTable } from '../core/report/status-table.js';
import { printable } from '../system/output/printable.js';
import { OtherProcess } from '../system/processes/process.js';
import { readStatusFile } from '../system/files/status-file.js';
import { TimeLimit } from '../system/loop/time-limit.js';
import { attempt } from '../service/attempt.js';
import { carryOut, type ControlClient } from './control-client.js';
import { findSuperdaemon } from '../service/find-superdaemon.js';
import { noneRuns } from './none-runs.js';

/** What a command for a running superdaemon may be given to find it by; without a status file no worker is known. */
export interface Files {
  readonly pidFile: string;
  readonly statusFile?: string | undefined;
}

/** Prints it, for people or for programs, and gives the exit code. Throws a StarterError where no superdaemon can be asked. */
export async function showStatus(
  { format, ...reach }: Reach<StatusFiles> & { readonly format: StatusFormat },
  print: (text: string) => void,
): Promise<number> {
  print(printed(await statusOf(reach), format));
  return exitCodes.success.code;
}

function printed(report: StatusReport, format: StatusFormat): string {
  switch (format) {
    case 'table':
      return tableOf(report);
    case 'json':
      return `${JSON.stringify(report)}\n`;
    case 'prometheus':
      return prometheusText(report);
  }
}

/** A path may hold anything; what is printed must not move anybody's cursor. */
function tableOf(report: StatusReport): string {
  return statusTable(report).split('\n').map(printable).join('\n');
}

export async function statusOf(reach: Reach<Files>): Promise<StatusReport> {
  const limit = new TimeLimit(reach.timeout?.seconds);
  try {
    const report = await carryOut(
      reach,
      { command: 'status' },
      {
        control: (client) => answered(client, limit),
        files: fromFiles,
      },
    );
    if (report !== undefined) return report;
    const message = controlMessages.statusTimedOut(reach.timeout?.text ?? '');
    throw new StarterError({ message, exitCode: exitCodes.timeout.code });
  } finally {
    limit.clear();
  }
}

async function answered(client: ControlClient, limit: TimeLimit): Promise<StatusReport | undefined> {
  const answer = await client.next(limit);
  return answer !== undefined && 'status' in answer ? answer.status : undefined;
}

async function fromFiles({ pidFile, statusFile }: Files): Promise<StatusReport> {
  const { process: itself } = await findSuperdaemon(pidFile, 'r', noneRuns);
  const named =
    statusFile === undefined
      ? []
      : workersIn(
          attempt(
            () => readStatusFile(statusFile),
            (reason, _, code) => controlMessages.cannotOpen(statusFile, reason, code),
          ),
        );
  const newest = Math.max(0, ...named.map(({ generation }) => generation));
  return { pid: itself.pid, generation: newest, workers: named.map((worker) => lookedAt(worker, newest, itself)) };
}

/** By now another process may have the pid: only a child of the superdaemon is its worker. */
function lookedAt(
  { generation, pid }: { generation: number; pid: number },
  newest: number,
  superdaemon: OtherProcess,
): WorkerReport {
  const worker = new OtherProcess(pid);
  const parent = worker.parent();
  const isAnother = parent !== undefined && parent !== superdaemon.pid;
  if (isAnother || !worker.isAlive()) return { generation, pid, state: 'gone' };
  const age = parent === undefined ? undefined : worker.age();
  const state = generation === newest ? 'current' : 'old';
  return { generation, pid, state, ...(age === undefined ? {} : { age }) };
}
