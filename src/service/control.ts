/** The control socket of a running service: requests in, and what becomes of them out. */
import type { ControlPart } from '../core/handover/control-part.js';
import { controlMessages } from '../core/text/control-messages.js';
import { longestRequest, parseRequest, refusal, type Answer, type Request } from '../core/report/control-protocol.js';
import type { Step } from '../core/loop/decision.js';
import type { ImageName } from '../core/loop/messages.js';
import { generationEvents, type GenerationEvent } from '../core/loop/generation-events.js';
import { followedEvent } from '../core/report/followed-event.js';
import { advance, requestedAt } from '../core/report/restart-ticket.js';
import { initialState, isRunEnding, type State } from '../core/loop/state.js';
import type { Event } from '../core/loop/types.js';
import type { ControlPeer } from '../system/control/control-peer.js';
import { ControlServer, mostIdlePeers, type ControlParts } from '../system/control/control-server.js';
import { text } from '../system/engine/bytes.js';
import type { Keep } from '../system/engine/keep.js';
import { signals } from '../system/engine/platform.js';
import { now } from '../system/loop/clock.js';
import type { Inbox } from '../system/loop/inbox.js';
import type { CommandInForce } from './command-in-force.js';
import type { Reconfiguration } from './reconfiguration.js';
import { ReconfigureRequests } from './reconfigure-requests.js';
import type { Say } from './say.js';
import { CancelRequests } from './cancel-requests.js';
import { ControlClients, longestIn, progressOf, type Group, type WaitingForRestart } from './control-clients.js';
import { openControlServer } from './open-control-server.js';
import { answerTo, newsOf, stopping } from './restart-answer.js';
import { reportOn, type Reported } from './status-answer.js';
import type { Succession } from './succession.js';

/** Milliseconds that a client may take for its request. */
const patience = 10_000;

/** How many clients may wait for a restart, and again for the end. For a new one the oldest has to go. */
const mostWaiting = 32;

/** How many clients may follow. They stay for long, so they must not take places of clients that want something done. */
const mostFollowers = 16;

/** What a control socket acts on, and tells of. */
export interface Controlled extends Reported {
  readonly inbox: Inbox;
  readonly commands: Pick<CommandInForce, 'inForce' | 'tried' | 'settings' | 'reopen'>;
  readonly reconfiguration: Reconfiguration;
  readonly say: Say;
  /** Undefined where the process is shared with a program, so that it cannot become another image. */
  readonly succession?: Pick<Succession, 'whenRefused'> | undefined;
}

export class Control {
  #server: ControlServer | undefined;
  readonly #clients = new ControlClients();
  readonly #reconfigurations: ReconfigureRequests;
  readonly #cancels: CancelRequests<ControlPeer>;

  /** `state` is where the image before stood. */
  constructor(
    private readonly controlled: Controlled,
    private state: State = initialState(now()),
  ) {
    this.#reconfigurations = new ReconfigureRequests(controlled.reconfiguration);
    this.#cancels = new CancelRequests(this.#clients.cancels, controlled.reconfiguration, controlled.inbox);
    controlled.succession?.whenRefused((reason) => {
      for (const peer of this.#clients.upgrades) peer.end(refusal('failed', controlMessages.upgradeRefused(reason)));
    });
  }

  /** Opens the socket; throws a StarterError. */
  async listen(path: string): Promise<void> {
    const { inbox, say } = this.controlled;
    this.#server = await openControlServer(path, inbox.stopRequested, say, this.#parts());
  }

  /** Goes on with the socket of the image before, and with the clients that wait there. */
  async takeUp(path: string, part: ControlPart): Promise<void> {
    const server = await ControlServer.takeUp(path, part, this.#parts());
    this.#server = server;
    for (const { descriptor, waiting } of part.peers)
      this.#clients.takeUp(server.takeUpPeer(descriptor, progressOf(waiting)), waiting);
  }

  /** Clients that have not read all that they were told are dropped: the next image does not know the rest. */
  handOver(keep: Keep): ControlPart | undefined {
    if (this.#server === undefined) return undefined;
    const peers = Array.from(this.#server.peers, (peer) => {
      const { descriptor } = peer;
      return descriptor === undefined ? [] : [{ descriptor: keep(descriptor), waiting: this.#clients.partOf(peer) }];
    });
    return { ...this.#server.handOver(keep), peers: peers.flat() };
  }

  get clients(): number {
    return this.#server?.talking ?? 0;
  }

  /** The descriptor to which clients come. */
  get readable(): readonly number[] {
    return this.#server === undefined ? [] : [this.#server.descriptor];
  }

  /** Tells those who wait for an upgrade that it is done. */
  upgraded(from: ImageName, to: ImageName): void {
    for (const peer of this.#clients.upgrades) peer.end({ ok: true, upgraded: { from, to } });
  }

  /** To be told of every decision when it has been carried out. */
  observe(before: State, event: Event, decision: Step): void {
    this.state = decision.state;
    if (this.#isEnding) for (const peer of this.#clients.upgrades) peer.end(stopping());
    if (this.#clients.followers.size > 0) this.#tellFollowers(generationEvents(before, event, decision));
    for (const [peer, waiting] of this.#clients.restarts) this.#advance(peer, waiting, before, event, decision);
    this.#cancels.observe(before, event, decision.state);
  }

  /** To be called when everything else is closed: gives the last answers. */
  close(): void {
    for (const peer of this.#clients.stops) peer.end({ ok: true, pid: process.pid });
    this.#server?.close();
  }

  #parts(): ControlParts {
    return {
      request: (peer, line) => {
        this.#take(peer, parseRequest(text(line)));
      },
      silent: (peer) => {
        this.#reconfigurations.silent(peer);
        this.controlled.inbox.lookAround();
      },
      gone: (peer) => {
        this.#clients.forget(peer);
        this.#reconfigurations.gone(peer);
        this.controlled.inbox.lookAround();
      },
      longest: longestRequest,
      tooLong: (longest) => refusal('bad request', controlMessages.longRequest(longest)),
      tooLate: refusal('bad request', controlMessages.lateRequest(patience / 1000)),
      patience,
      denied: (uid) => refusal('denied', controlMessages.foreignUser(uid)),
      busy: refusal('busy', controlMessages.slowToAsk(mostIdlePeers)),
    };
  }

  #take(peer: ControlPeer, request: Request | undefined): void {
    const answer =
      request === undefined ? refusal('bad request', controlMessages.badRequest()) : this.#act(peer, request);
    if (answer !== undefined) peer.end(answer);
  }

  /** The answer, or undefined where it is given later. */
  #act(peer: ControlPeer, request: Request): Answer | undefined {
    switch (request.command) {
      case 'status':
        return { ok: true, status: reportOn(this.state, this.controlled) };
      case 'restart':
        if (this.#isEnding) return stopping();
        this.#makeRoomIn(this.#clients.restarts);
        this.#clients.restarts.set(peer, { ticket: requestedAt(this.state), wantsProgress: request.progress });
        this.controlled.inbox.requestRestart();
        return undefined;
      case 'reconfigure':
        if (this.#isEnding) return stopping();
        this.#reconfigurations.take(peer, request);
        return undefined;
      case 'stop':
        this.#makeRoomIn(this.#clients.stops);
        this.#clients.stops.add(peer);
        peer.send({ progress: 'stopping', pid: process.pid });
        this.controlled.inbox.requestStop('TERM');
        return undefined;
      case 'upgrade':
        return this.#upgrade(peer);
      case 'cancel':
        if (this.#isEnding) return stopping();
        this.#makeRoomIn(this.#clients.cancels);
        this.#cancels.take(peer);
        return undefined;
      case 'reopen logs': {
        const refused = this.controlled.commands.reopen();
        return refused === undefined ? { ok: true } : refusal('refused', refused);
      }
      case 'follow':
        if (!this.#hasRoomToFollow) return refusal('busy', controlMessages.tooManyFollowers(mostFollowers));
        this.#clients.followers.add(peer);
        peer.send({ ok: true });
        return undefined;
    }
  }

  #upgrade(peer: ControlPeer): Answer | undefined {
    if (this.controlled.succession === undefined) return refusal('failed', controlMessages.cannotUpgradeProgram());
    if (this.#isEnding) return stopping();
    this.#makeRoomIn(this.#clients.upgrades);
    this.#clients.upgrades.add(peer);
    this.controlled.inbox.requestUpgrade();
    return undefined;
  }

  /** Where too many wait, the client that has waited longest has to go; what it has asked for is done all the same. */
  #makeRoomIn(waiting: Group): void {
    longestIn(waiting, mostWaiting)?.end(refusal('displaced', controlMessages.displaced(mostWaiting)));
  }

  /** A follower that is probably gone, or too slow, has to go first. */
  get #hasRoomToFollow(): boolean {
    const dispensable = [...this.#clients.followers].find((peer) => peer.isDispensable);
    if (this.#clients.followers.size >= mostFollowers && dispensable !== undefined) {
      this.#clients.followers.delete(dispensable);
      dispensable.drop();
    }
    return this.#clients.followers.size < mostFollowers;
  }

  get #isEnding(): boolean {
    return isRunEnding(this.state);
  }

  #advance(peer: ControlPeer, waiting: WaitingForRestart, before: State, event: Event, decision: Step): void {
    const { ticket, wantsProgress } = waiting;
    const progress = advance(ticket, before, event, decision);
    waiting.ticket = progress.ticket;
    const { last } = this.controlled.failures;
    if (progress.verdict !== undefined) {
      this.#clients.restarts.delete(peer);
      peer.end(answerTo(progress.verdict, last));
    } else if (wantsProgress) {
      const news = newsOf(progress, ticket, last);
      if (news !== undefined) peer.send(news);
    }
  }

  #tellFollowers(happened: readonly GenerationEvent[]): void {
    for (const answer of happened.map((one) => followedEvent(one, signals.names)))
      for (const peer of this.#clients.followers) peer.send(answer);
  }
}
