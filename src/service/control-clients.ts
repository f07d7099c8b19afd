/** The clients of a control socket that wait for something, and what each of them waits for. */
import type { WaitingPart } from '../core/handover/control-part.js';
import { partOfTicket, ticketOf } from '../core/handover/ticket-part.js';
import type { Ticket } from '../core/report/restart-ticket.js';
import type { Cancelling } from './cancel-requests.js';
import type { ControlPeer, PeerProgress } from '../system/control/control-peer.js';

/** Clients that wait for the same thing, the one that has waited longest first. */
export interface Group {
  readonly size: number;
  keys(): Iterable<ControlPeer>;
  delete(peer: ControlPeer): unknown;
}

export interface WaitingForRestart {
  ticket: Ticket;
  readonly wantsProgress: boolean;
}

export class ControlClients {
  readonly restarts = new Map<ControlPeer, WaitingForRestart>();
  readonly followers = new Set<ControlPeer>();
  readonly stops = new Set<ControlPeer>();
  readonly upgrades = new Set<ControlPeer>();
  readonly cancels: Cancelling<ControlPeer> = new Map();

  /** The client is gone. */
  forget(peer: ControlPeer): void {
    for (const group of [this.restarts, this.followers, this.stops, this.upgrades, this.cancels]) group.delete(peer);
  }

  /** What the next image has to know of the client. */
  partOf(peer: ControlPeer): WaitingPart {
    const restart = this.restarts.get(peer);
    if (restart !== undefined) {
      const { ticket, wantsProgress } = restart;
      return { for: 'restart', ticket: partOfTicket(ticket), wantsProgress };
    }
    if (this.followers.has(peer)) return { for: 'events' };
    if (this.stops.has(peer)) return { for: 'the end' };
    if (this.upgrades.has(peer)) return { for: 'upgrade' };
    if (this.cancels.has(peer)) return { for: 'cancel' };
    const { phase, received } = peer.progress;
    return phase === 'asking' ? { for: 'its request', received } : { for: 'nothing' };
  }

  /** A client of the image before goes on waiting. */
  takeUp(peer: ControlPeer, waiting: WaitingPart): void {
    switch (waiting.for) {
      case 'restart':
        this.restarts.set(peer, { ticket: ticketOf(waiting.ticket), wantsProgress: waiting.wantsProgress });
        return;
      case 'events':
        this.followers.add(peer);
        return;
      case 'the end':
        this.stops.add(peer);
        return;
      case 'upgrade':
        this.upgrades.add(peer);
        return;
      case 'cancel':
        this.cancels.set(peer, 'end'); // a run is handed over when all that was asked for is decided
        return;
      case 'its request':
      case 'nothing':
        return;
    }
  }
}

/** How far a client has come with its request. */
export function progressOf(waiting: WaitingPart): PeerProgress {
  switch (waiting.for) {
    case 'its request':
      return { phase: 'asking', received: waiting.received };
    case 'nothing':
      return { phase: 'ended', received: '' };
    default:
      return { phase: 'served', received: '' };
  }
}

/** The client that has waited longest, if `most` of them or more wait. */
export function longestIn(waiting: Group, most: number): ControlPeer | undefined {
  const [longest] = waiting.keys();
  if (longest === undefined || waiting.size < most) return undefined;
  waiting.delete(longest);
  return longest;
}
