/** A worker that is started together with what it answers, before the decision about that. */
import type { StandingOrder } from '../core/loop/standing-order.js';
import type { Event } from '../core/loop/types.js';
import type { CarriedOut } from '../system/engine/addon.js';
import { signals } from '../system/engine/platform.js';
import type { StartAhead } from '../system/processes/children.js';
import { sendSignal } from '../system/processes/process.js';
import type { CommandInForce } from './command-in-force.js';

/** What comes together with one of these is decided on first. */
const unless = (['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const).map((name) => signals.names[name]);

export type Heard = Extract<Event, { readonly type: 'died' | 'signal' }>;

export class StartedAhead {
  #started: { readonly generation: number; readonly by: CarriedOut } | undefined;
  #ordered: StandingOrder | undefined;

  constructor(
    private readonly children: StartAhead,
    private readonly commands: Pick<CommandInForce, 'layOut'>,
  ) {}

  /** From here on the order is carried out, until it is withdrawn. To be called when nothing waits to be decided on. */
  stand(order: StandingOrder | undefined): void {
    const plan = order && this.commands.layOut(order.generation);
    if (plan === undefined) return;
    this.#ordered = order;
    const atEnd = order?.atDeathOf === undefined ? {} : { endOf: order.atDeathOf };
    this.children.order({ ...plan, ...atEnd, signal: signals.names.SIGHUP, unless });
  }

  /** Gives what has been answered: it is the next event. */
  withdraw(now: number): Heard | undefined {
    const ordered = this.#ordered;
    if (ordered === undefined) return undefined;
    this.#ordered = undefined;
    const by = this.children.withdraw();
    if (by === undefined) return undefined;
    this.#started = { generation: ordered.generation, by };
    return by.ended === undefined ? { type: 'signal', signal: 'HUP', now } : { type: 'died', ...by.ended, now };
  }

  /** The worker of this generation, if it was started ahead. */
  claim(generation: number): CarriedOut | undefined {
    if (this.#started?.generation !== generation) return undefined;
    const { by } = this.#started;
    this.#started = undefined;
    return by;
  }

  /** Ends a worker that no decision has asked for: nobody else knows of it. */
  dismiss(): void {
    if (this.#started !== undefined) sendSignal(this.#started.by.pid, signals.names.SIGKILL);
    this.#started = undefined;
  }
}
