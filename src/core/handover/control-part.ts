/** The control socket and its clients, as they are handed over. */
import { workerPart } from './state-part.js';
import { descriptor, flag, list, number, oneOf, optional, record, text, type Shaped } from '../report/shape.js';

const failurePart = oneOf('type', {
  died: { generation: number, worker: workerPart, status: number },
  'fork refused': { generation: number, reason: text },
});

const ticketPart = record({ since: number, started: optional(workerPart), failure: optional(failurePart) });
export type TicketPart = Shaped<typeof ticketPart>;

/** What a client is waiting for, or how far it has come with its request. */
const waitingPart = oneOf('for', {
  'its request': { received: text },
  restart: { ticket: ticketPart, wantsProgress: flag },
  upgrade: {},
  cancel: {},
  events: {},
  'the end': {},
  nothing: {},
});
export type WaitingPart = Shaped<typeof waitingPart>;

const peerPart = record({ descriptor, waiting: waitingPart });
export type PeerPart = Shaped<typeof peerPart>;

/** By `file` it is noticed when another file has taken the place of the socket's own. */
export const controlPart = record({ descriptor, file: optional(text), peers: list(peerPart) });
export type ControlPart = Shaped<typeof controlPart>;
