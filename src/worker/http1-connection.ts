import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { closeAfter } from './closing-answer.js';

/** A request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What is under way on a connection of HTTP/1. */
export class Http1Connection {
  readonly #socket: Socket;
  /** In the order of their requests, of which a client may send several ahead. */
  readonly #unanswered = new Set<ServerResponse>();
  /** How much was read of it when the last answer was given; what has come since is a part of a request. */
  #bytesAnswered = 0;
  #isRetired = false;
  #isClosing = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Whether the client has got everything that it has asked for, and is not asking. */
  get isIdle(): boolean {
    return this.#unanswered.size === 0 && this.#socket.bytesRead === this.#bytesAnswered;
  }

  /** Whether an answer has told the client that it is the last one: what it asks after that, it has to ask elsewhere. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** From now on it is closed by the first answer that no other one follows, and whose head is not on its way already. */
  retire(): void {
    this.#isRetired = true;
    for (const response of this.#unanswered) this.#closeAfter(response);
  }

  began({ response }: Exchange): void {
    this.#unanswered.add(response);
    if (this.#isRetired) this.#closeAfter(response);
  }

  ended({ request, response }: Exchange): void {
    this.#unanswered.delete(response);
    this.#bytesAnswered = this.#socket.bytesRead;
    if (!request.complete) this.#answeredEarly(request);
  }

  close(): void {
    this.#socket.destroy();
  }

  #closeAfter(response: ServerResponse): void {
    const isLast = () => [...this.#unanswered].at(-1) === response;
    closeAfter(response, isLast, () => (this.#isClosing = true));
  }

  #answeredEarly(request: IncomingMessage): void {
    request.once('end', () => (this.#bytesAnswered = this.#socket.bytesRead));
    if (this.#isRetired) closeAfterRequest(this.#socket, request);
  }
}

/**
 * The client may be sending its request still. Closed now, the connection would be reset, and the answer with it: until
 * the request has come only our side of it is closed.
 */
function closeAfterRequest(socket: Socket, request: IncomingMessage): void {
  const destroySoon = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    socket.end();
    request.once('end', destroySoon);
  };
  request.once('end', () => (socket.destroySoon = destroySoon));
}
