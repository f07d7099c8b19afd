/** Sends messages to the service manager, in their order, and without waiting for it. */
import { addon, type SystemError } from '../engine/addon.js';
import { isSystemError } from '../engine/system-error.js';

/** How many messages may wait for room; a manager that has left so many unread gets no more. */
const longestQueue = 100;

/** While messages wait, they are tried again after so many milliseconds. */
const pause = 50;

interface Message {
  readonly text: string;
  readonly descriptors: readonly number[];
}

export interface NotifierParts {
  /** Calls something after so many milliseconds. */
  readonly later: (milliseconds: number, act: () => void) => void;
  /** Called for each message for which nobody is there. */
  readonly refused: (error: SystemError) => void;
}

export class Notifier {
  readonly #queue: Message[] = [];

  /** `name` is the value of NOTIFY_SOCKET. */
  constructor(
    private readonly name: string,
    private readonly parts: NotifierParts,
  ) {}

  /** Sends lines of `NAME=value`. The descriptors that go with them have to stay open until they are sent. */
  send(text: string, descriptors: readonly number[] = []): void {
    const message = { text: asUtf8(text), descriptors };
    if (this.#queue.length === 0 && this.#sends(message)) return;
    if (isStatusAlone(message) && isStatusAlone(this.#queue.at(-1))) this.#queue.pop();
    if (this.#queue.length >= longestQueue) return;
    this.#queue.push(message);
    if (this.#queue.length === 1) this.#tryLater();
  }

  /** Whether something has not been sent yet. */
  get isWaiting(): boolean {
    return this.#queue.length > 0;
  }

  /** Sends a message that is not kept where there is no room for it: it would mean nothing later. */
  sendIfRoom(text: string): void {
    if (this.#queue.length === 0) this.#sends({ text, descriptors: [] });
  }

  #tryLater(): void {
    this.parts.later(pause, () => {
      for (let next = this.#queue[0]; next !== undefined && this.#sends(next); next = this.#queue[0])
        this.#queue.shift();
      if (this.#queue.length > 0) this.#tryLater();
    });
  }

  /** False where there is no room for it yet. */
  #sends({ text, descriptors }: Message): boolean {
    try {
      return addon.sendNotification(this.name, text, descriptors);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.parts.refused(error);
      return true;
    }
  }
}

function isStatusAlone(message: Message | undefined): boolean {
  return message !== undefined && /^STATUS=[^\n]*$/.test(message.text);
}

/** The text as UTF-8, since systemd takes no other; bytes that are not UTF-8 are replaced. */
function asUtf8(text: string): string {
  return Buffer.from(Buffer.from(text, 'latin1').toString('utf8'), 'utf8').toString('latin1');
}
