/** Messages to the service manager: in their order, and without waiting for it. */
import { addon, type SystemError } from '../engine/addon.js';
import { isSystemError } from '../engine/system-error.js';

/** How many messages wait for room; a manager that reads nothing for so long gets no more. */
const longestQueue = 100;

/** While some wait, it is looked for room after so many milliseconds. */
const pause = 50;

interface Message {
  readonly text: string;
  readonly descriptors: readonly number[];
}

export interface NotifierParts {
  /** Has something done after so many milliseconds. */
  readonly later: (milliseconds: number, act: () => void) => void;
  /** Told that nobody is there, for each message. */
  readonly refused: (error: SystemError) => void;
}

export class Notifier {
  readonly #queue: Message[] = [];

  /** `name` is what NOTIFY_SOCKET has. */
  constructor(
    private readonly name: string,
    private readonly parts: NotifierParts,
  ) {}

  /** Lines of `NAME=value`. Of descriptors that go with them nobody else must close any before they are sent. */
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

  /** For what means nothing any more when there is room again. */
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

/** systemd takes no other text. What is no UTF-8 becomes a sign that says so. */
function asUtf8(text: string): string {
  return Buffer.from(Buffer.from(text, 'latin1').toString('utf8'), 'utf8').toString('latin1');
}
