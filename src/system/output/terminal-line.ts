/** One line of a terminal that is kept up to date. It changes nothing of the terminal that would have to be restored. */
import { addon } from '../engine/addon.js';
import { byteString, text } from '../engine/bytes.js';
import { isSystemError } from '../engine/system-error.js';
import { openChannel, type Channel } from './channel.js';
import { printable } from './printable.js';

/** Where a terminal does not tell its width. */
const usualWidth = 80;

const lineStart = '\r';
const clearToEnd = '\x1b[K';

export class TerminalLine {
  #shown = '';

  private constructor(
    private readonly descriptor: number,
    private readonly channel: Channel,
    private readonly isDumb: boolean,
  ) {}

  /** Undefined where the descriptor is no terminal. `kind` is what TERM says. */
  static open(descriptor: number, kind: string | undefined): TerminalLine | undefined {
    if (terminalAt(descriptor) === undefined) return undefined;
    const channel = openChannel(descriptor);
    return channel && new TerminalLine(descriptor, channel, ['', 'dumb', undefined].includes(kind));
  }

  /**
   * Shows this text and, where the terminal can draw in place, what follows it and may change often. It is cut off where
   * the line ends; nothing is shown while this process is in the background, or the terminal was stopped.
   */
  show(lasting: string, changing: string): void {
    const terminal = terminalAt(this.descriptor);
    if (terminal === undefined || terminal.isInBackground) return;
    if (this.isDumb) {
      if (lasting !== this.#shown) this.channel.take(`${printable(lasting)}\n`);
      this.#shown = lasting;
      return;
    }
    // The last column stays free: a cursor behind it is on the next line of some terminals.
    const width = (terminal.columns || usualWidth) - 1;
    const line = byteString(
      Array.from(text(printable(lasting + changing)))
        .slice(0, width)
        .join(''),
    );
    if (line === this.#shown) return;
    this.channel.take(`${lineStart}${line}${clearToEnd}`);
    this.#shown = line;
  }

  /** To be called before anything else is written. */
  erase(): void {
    if (!this.isDumb && this.#shown !== '') this.channel.take(lineStart + clearToEnd);
    if (!this.isDumb) this.#shown = '';
  }

  /** Leaves what is shown, and goes to the next line. */
  end(): void {
    if (!this.isDumb && this.#shown !== '') this.channel.take('\n');
    this.#shown = '';
  }
}

function terminalAt(descriptor: number): { readonly columns: number; readonly isInBackground: boolean } | undefined {
  try {
    return addon.describeTerminal(descriptor);
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}
