/** What a client of the control socket is told about the restart that it has asked for. */
import { refusal, type Answer, type WorkerName } from '../core/report/control-protocol.js';
import type { Progress, Ticket, Verdict } from '../core/report/restart-ticket.js';
import { failureInWords } from '../core/report/status-table.js';
import { controlMessages } from '../core/text/control-messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import type { Remembered } from './failure-memory.js';

/** `last` is the last failure of a worker. */
export function answerTo(verdict: Verdict, last: Remembered | undefined): Answer {
  switch (verdict.type) {
    case 'done':
      return { ok: true, worker: nameOf(verdict.worker) };
    case 'ending':
      return stopping();
    case 'cancelled':
      return {
        ok: false,
        code: 'cancelled',
        error: controlMessages.restartCancelled(),
        serves: true,
        exitCode: exitCodes.failedStart.code,
      };
    case 'given up': {
      const failure = verdict.failure && last?.report;
      const why = failure === undefined ? controlMessages.noStart() : failureInWords(failure);
      const error = controlMessages.restartFailed(why, verdict.serves);
      return { ok: false, code: 'failed', error, serves: verdict.serves, ...(failure && { failure }) };
    }
  }
}

/** What it is told before that; undefined where there is nothing to tell. `before` is its ticket as it was. */
export function newsOf(
  { ticket: { started }, failure }: Progress,
  before: Ticket,
  last: Remembered | undefined,
): Answer | undefined {
  const report = failure && last?.report;
  if (report !== undefined) return { progress: 'failed start', failure: report };
  if (started === undefined || before.started !== undefined) return undefined;
  return { progress: 'started', worker: nameOf(started) };
}

function nameOf({ generation, pid }: WorkerName): WorkerName {
  return { generation, pid };
}

export function stopping(): Answer {
  return refusal('stopping', controlMessages.isStopping());
}
