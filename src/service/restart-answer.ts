/** What a client of the control socket is told about the restart that it has asked for. */
import { refusal, type Answer } from '../core/report/control-protocol.js';
import type { Verdict } from '../core/report/restart-ticket.js';
import { failureInWords } from '../core/report/status-table.js';
import { controlMessages } from '../core/text/control-messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import type { Remembered } from './failure-memory.js';

/** `last` is the last failure of a worker. */
export function answerTo(verdict: Verdict, last: Remembered | undefined): Answer {
  switch (verdict.type) {
    case 'done': {
      const { generation, pid } = verdict.worker;
      return { ok: true, worker: { generation, pid } };
    }
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

export function stopping(): Answer {
  return refusal('stopping', controlMessages.isStopping());
}
