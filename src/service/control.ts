/** The control socket of a running service: requests in, and what becomes of them out. */
import { controlMessages } from '../core/text/control-messages.js';
import { commandWords } from '../core/command-line/command-words.js';
import {
  longestRequest,
  parseRequest,
  type Answer,
  type ErrorCode,
  type FollowedEvent,
  type Request,
} from '../core/report/control-protocol.js';
import type { Step } from '../core/loop/decision.js';
import { generationEvents, type GenerationEvent } from '../core/loop/generation-events.js';
import { advance, requestedAt, type Ticket, type Verdict } from '../core/report/restart-ticket.js';
import { initialState, type State } from '../core/loop/state.js';
import { secondsBetween, workerReports, type StatusReport } from '../core/report/status-report.js';
import { failureInWords } from '../core/report/status-table.js';
import type { Event } from '../core/loop/types.js';
import { waitStatusInWords } from '../core/report/wait-status.js';
import type { ControlPeer } from '../system/control/control-peer.js';
import { mostIdlePeers, type ControlServer } from '../system/control/control-server.js';
import { text } from '../system/engine/bytes.js';
import { signals, version } from '../system/engine/platform.js';
import { now } from '../system/loop/clock.js';
import type { Inbox } from '../system/loop/inbox.js';
import type { CommandInForce } from './command-in-force.js';
import type { FailureMemory } from './failure-memory.js';
import type { Listeners } from './listeners.js';
import type { Reconfiguration } from './reconfiguration.js';
import { ReconfigureRequests } from './reconfigure-requests.js';
import type { Say } from './say.js';
import { openControlServer } from './open-control-server.js';

/** Milliseconds that a client may take for its request. */
const patience = 10_000;

/** How many clients may wait for a restart, and how many for the end. The newest always finds a place. */
const mostWaiting = 32;

/** How many may follow: they stay, and whoever wants to change something must not wait for them. */
const mostFollowers = 16;

/** What a control socket acts on, and tells of. */
export interface Controlled {
  readonly inbox: Inbox;
  readonly commands: Pick<CommandInForce, 'inForce' | 'reopen'>;
  readonly reconfiguration: Reconfiguration;
  readonly listeners: Pick<Listeners, 'reports'>;
  readonly failures: FailureMemory;
  readonly say: Say;
}

interface Waiting {
  ticket: Ticket;
  readonly wantsProgress: boolean;
}

export class Control {
  #server: ControlServer | undefined;
  #state: State = initialState(now());
  readonly #restarts = new Map<ControlPeer, Waiting>();
  readonly #followers = new Set<ControlPeer>();
  readonly #stops = new Set<ControlPeer>();

  readonly #reconfigurations: ReconfigureRequests;

  private constructor(private readonly controlled: Controlled) {
    this.#reconfigurations = new ReconfigureRequests(controlled.reconfiguration);
  }

  /** Opens the socket; throws a StarterError. */
  static async open(path: string, controlled: Controlled): Promise<Control> {
    const control = new Control(controlled);
    const { inbox, say } = controlled;
    control.#server = await openControlServer(path, inbox.stopRequested, say, {
      request: (peer, line) => {
        control.#take(peer, parseRequest(text(line)));
      },
      halfClosed: (peer) => {
        control.#reconfigurations.halfClosed(peer);
      },
      gone: (peer) => {
        for (const group of [control.#restarts, control.#followers, control.#stops]) group.delete(peer);
        control.#reconfigurations.gone(peer);
      },
      longest: longestRequest,
      tooLong: (longest) => refusal('bad request', controlMessages.longRequest(longest)),
      tooLate: refusal('bad request', controlMessages.lateRequest(patience / 1000)),
      patience,
      denied: (uid) => refusal('denied', controlMessages.foreignUser(uid)),
      busy: refusal('busy', controlMessages.slowToAsk(mostIdlePeers)),
    });
    return control;
  }

  /** To be told of every decision when it has been carried out. */
  observe(before: State, event: Event, decision: Step): void {
    this.#state = decision.state;
    if (this.#followers.size > 0) this.#tellFollowers(generationEvents(before, event, decision));
    for (const [peer, waiting] of this.#restarts) this.#advance(peer, waiting, before, event, decision);
  }

  /** When everything else is closed: the last answers. */
  close(): void {
    for (const peer of this.#stops) peer.end({ ok: true, pid: process.pid });
    this.#server?.close();
  }

  #take(peer: ControlPeer, request: Request | undefined): void {
    const answer =
      request === undefined ? refusal('bad request', controlMessages.badRequest()) : this.#act(peer, request);
    if (answer !== undefined) peer.end(answer);
  }

  /** The whole answer, or undefined where it follows later. */
  #act(peer: ControlPeer, request: Request): Answer | undefined {
    switch (request.command) {
      case 'status':
        return { ok: true, status: this.#report() };
      case 'restart':
        if (this.#isEnding) return refusal('stopping', controlMessages.isStopping());
        makeRoomIn(this.#restarts);
        this.#restarts.set(peer, { ticket: requestedAt(this.#state), wantsProgress: request.progress });
        this.controlled.inbox.requestRestart();
        return undefined;
      case 'reconfigure':
        if (this.#isEnding) return refusal('stopping', controlMessages.isStopping());
        this.#reconfigurations.take(peer, request);
        return undefined;
      case 'stop':
        makeRoomIn(this.#stops);
        this.#stops.add(peer);
        peer.send({ progress: 'stopping', pid: process.pid });
        this.controlled.inbox.requestStop('TERM');
        return undefined;
      case 'reopen logs': {
        const refused = this.controlled.commands.reopen();
        return refused === undefined ? { ok: true } : refusal('refused', refused);
      }
      case 'follow':
        if (!this.#hasRoomToFollow) return refusal('busy', controlMessages.tooManyFollowers(mostFollowers));
        this.#followers.add(peer);
        peer.send({ ok: true });
        return undefined;
    }
  }

  /** One that is likely to be gone, or too slow, goes first. */
  get #hasRoomToFollow(): boolean {
    const dispensable = [...this.#followers].find((peer) => peer.isDispensable);
    if (this.#followers.size >= mostFollowers && dispensable !== undefined) {
      this.#followers.delete(dispensable);
      dispensable.drop();
    }
    return this.#followers.size < mostFollowers;
  }

  get #isEnding(): boolean {
    return ['stopping', 'stopped'].includes(this.#state.phase.name);
  }

  #report(): StatusReport {
    const at = now();
    const { given, program } = this.controlled.commands.inForce.command;
    const failure = this.controlled.failures.last;
    return {
      pid: process.pid,
      version,
      state: this.#state.phase.name,
      generation: this.#state.generation,
      workers: workerReports(this.#state, at),
      listeners: this.controlled.listeners.reports,
      command: commandWords({ given, program }),
      ...(failure === undefined ? {} : { lastFailure: { ...failure.report, age: secondsBetween(failure.at, at) } }),
    };
  }

  #advance(peer: ControlPeer, waiting: Waiting, before: State, event: Event, decision: Step): void {
    const { ticket, failure, verdict } = advance(waiting.ticket, before, event, decision);
    waiting.ticket = ticket;
    const reported = failure === undefined ? undefined : this.controlled.failures.last?.report;
    if (reported !== undefined && waiting.wantsProgress && verdict === undefined)
      peer.send({ progress: 'failed start', failure: reported });
    if (verdict === undefined) return;
    this.#restarts.delete(peer);
    peer.end(this.#answerTo(verdict));
  }

  #answerTo(verdict: Verdict): Answer {
    switch (verdict.type) {
      case 'done': {
        const { generation, pid } = verdict.worker;
        return { ok: true, worker: { generation, pid } };
      }
      case 'ending':
        return { ok: false, code: 'stopping', error: controlMessages.isStopping() };
      case 'given up': {
        const failure = verdict.failure && this.controlled.failures.last?.report;
        const why = failure === undefined ? controlMessages.noStart() : failureInWords(failure);
        const error = controlMessages.restartFailed(why, verdict.serves);
        return { ok: false, code: 'failed', error, serves: verdict.serves, ...(failure && { failure }) };
      }
    }
  }

  #tellFollowers(happened: readonly GenerationEvent[]): void {
    for (const answer of happened.map(followed)) for (const peer of this.#followers) peer.send(answer);
  }
}

/** The one that has waited longest leaves; what it has asked for is on its way. */
function makeRoomIn(waiting: {
  readonly size: number;
  keys(): Iterable<ControlPeer>;
  delete(peer: ControlPeer): unknown;
}) {
  const [longest] = waiting.keys();
  if (longest === undefined || waiting.size < mostWaiting) return;
  waiting.delete(longest);
  longest.end(refusal('displaced', controlMessages.displaced(mostWaiting)));
}

function followed(happened: GenerationEvent): FollowedEvent {
  const { type: event, worker } = happened;
  const named = { event, generation: worker.generation, pid: worker.pid };
  if ('signal' in happened) return { ...named, signal: happened.signal };
  if (!('status' in happened)) return named;
  const { status } = happened;
  return { ...named, waitStatus: status, ending: waitStatusInWords(status, signals.names) };
}

function refusal(code: ErrorCode, error: string): Answer {
  return { ok: false, code, error };
}
