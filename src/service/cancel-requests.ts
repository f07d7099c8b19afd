/** Who has a restart given up, or another command line that is tried. */
import { isBeingCancelled, obstacleToCancel, type CancelObstacle } from '../core/loop/cancel.js';
import { isRunEnding, type State } from '../core/loop/state.js';
import type { Event } from '../core/loop/types.js';
import type { Answer } from '../core/report/control-protocol.js';
import { controlMessages } from '../core/text/control-messages.js';
import { exitCodes } from '../core/text/exit-codes.js';
import type { Inbox } from '../system/loop/inbox.js';
import { declined, type Reconfiguration } from './reconfiguration.js';
import { stopping } from './restart-answer.js';

/**
 * Who waits, and for what: that the loop decides, perhaps after another command line was given up of which it does not
 * know; or that what was cancelled has ended.
 */
export type Cancelling<Client extends Asking> = Map<Client, 'decision' | 'decision, given up' | 'end'>;

/** Is given the answer, and told before when that will take until something has ended. */
export interface Asking {
  send(progress: Answer): void;
  end(answer: Answer): void;
}

export class CancelRequests<Client extends Asking> {
  constructor(
    private readonly waiting: Cancelling<Client>,
    private readonly reconfiguration: Pick<Reconfiguration, 'cancel'>,
    private readonly inbox: Pick<Inbox, 'requestCancel'>,
  ) {}

  take(client: Client): void {
    const why = declined('cancelled', controlMessages.reconfigureCancelled(), exitCodes.failedStart.code);
    this.waiting.set(client, this.reconfiguration.cancel(why) ? 'decision, given up' : 'decision');
    this.inbox.requestCancel();
  }

  /** To be told of every decision when it has been carried out. */
  observe(before: State, event: Event, after: State): void {
    for (const [client, awaited] of this.waiting) {
      if (awaited !== 'end' && event.type !== 'cancel' && !isRunEnding(after)) continue;
      const obstacle = awaited === 'decision' && event.type === 'cancel' ? obstacleToCancel(before) : undefined;
      this.waiting.set(client, 'end');
      const answer = obstacle === undefined ? answerIn(after) : refusalFor(obstacle);
      if (answer !== undefined) {
        this.waiting.delete(client);
        client.end(answer);
      } else if (awaited !== 'end') client.send({ progress: 'cancelling' });
    }
  }
}

/** Undefined while what was cancelled has not ended. */
function answerIn(state: State): Answer | undefined {
  if (isRunEnding(state)) return stopping();
  if (isBeingCancelled(state)) return undefined;
  const { current } = state;
  return { ok: true, worker: current === undefined ? null : { generation: current.generation, pid: current.pid } };
}

function refusalFor(obstacle: CancelObstacle): Answer {
  switch (obstacle) {
    case 'ending':
      return stopping();
    case 'nothing under way':
      return unchanged(controlMessages.nothingToCancel());
    case 'nobody else serves':
      return unchanged(controlMessages.noWayBack());
  }
}

function unchanged(error: string): Answer {
  return { ok: false, code: 'unchanged', error, exitCode: exitCodes.failedStart.code };
}
