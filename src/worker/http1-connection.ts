import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { closeAfter } from './closing-answer.js';
import type { Exchange, ExchangeWatcher } from './http1-exchanges.js';

/** What is under way on a connection of HTTP/1. */
export class Http1Connection implements ExchangeWatcher {
  readonly #socket: Socket;
  /** The answers to come, in the order of their requests: a client may send several requests ahead. */
  readonly #unanswered: ServerResponse[] = [];
  /** How many bytes had come when the last answer was given; what has come since is a part of a request. */
  #bytesAnswered = 0;
  #isRetired = false;
  /** Whether it had nothing to do when it was retired, and no request has come since. */
  #isIdle = false;
  #isClosing = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Whether an answer has told the client that it is the last one: a later request has to be made elsewhere. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  began({ response }: Exchange): void {
    this.#isIdle = false;
    this.#unanswered.push(response);
    if (this.#isRetired) this.#closeAfter(response);
  }

  ended({ request, response }: Exchange): void {
    // Answers are sent in this order.
    if (this.#unanswered[0] === response) this.#unanswered.shift();
    this.#bytesAnswered = this.#socket.bytesRead;
    if (!request.complete) this.#answeredEarly(request);
  }

  /** From now on the first answer closes it that no other one follows, and whose head is not on its way already. */
  retire(): void {
    this.#isRetired = true;
    this.#isIdle = this.#hasNothingToDo();
    for (const response of this.#unanswered) this.#closeAfter(response);
  }

  /** Closes it if it has been idle since it was retired. */
  release(): void {
    if (this.#isIdle && this.#hasNothingToDo()) this.#socket.destroy();
  }

  #hasNothingToDo(): boolean {
    return this.#unanswered.length === 0 && this.#socket.bytesRead === this.#bytesAnswered;
  }

  #closeAfter(response: ServerResponse): void {
    const isLast = () => this.#unanswered.at(-1) === response;
    closeAfter(response, isLast, () => (this.#isClosing = true));
  }

  #answeredEarly(request: IncomingMessage): void {
    request.once('end', () => (this.#bytesAnswered = this.#socket.bytesRead));
    if (this.#isRetired) closeAfterRequest(this.#socket, request);
  }
}

/**
 * The client may still be sending its request. If the connection were closed now, it would be reset, and the answer lost:
 * until the request has come, only our side of it is closed.
 */
function closeAfterRequest(socket: Socket, request: IncomingMessage): void {
  const destroySoon = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    socket.end();
    request.once('end', destroySoon);
  };
  request.once('end', () => (socket.destroySoon = destroySoon));
}
