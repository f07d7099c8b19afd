/** What a command waits for is shown while it waits, where somebody sits at a terminal. */
import type { Target, WaitingCommand } from '../core/command-line/control-command.js';
import {
  awaited,
  heard,
  hintOn,
  isEndUntold,
  looked,
  nothingSeen,
  outcome,
  type Seen,
} from '../core/report/awaited.js';
import { StarterError } from '../core/text/starter-error.js';
import { now } from '../system/loop/clock.js';
import type { TerminalLine } from '../system/output/terminal-line.js';
import { sendSignal, wait } from '../system/processes/process.js';
import { beforeDeath } from '../system/signals/deadly-signals.js';
import { ControlClient } from './control-client.js';
import { look } from './look.js';
import type { Files } from './show-status.js';

/** Where lines and results go. */
export interface Voices {
  readonly say: (line: string) => void;
  readonly print: (text: string) => void;
}

/** Milliseconds between two looks, unless something is told before. */
const pace = 500;

/** How many times, and how many milliseconds apart, we look whether the end of a worker is told that has ended. */
const looks = 10;
const shortPace = 10;

/** Does it, and shows meanwhile what is waited for; `line` is undefined where nobody would see that. */
export async function whileShown(
  line: TerminalLine | undefined,
  command: WaitingCommand,
  voices: Voices,
  act: (voices: Voices) => Promise<number>,
): Promise<number> {
  return line === undefined ? act(voices) : new Shown(line, command, voices).during(act);
}

class Shown {
  #seen: Seen;
  #isOver = false;
  #isHinted = false;
  #wake: () => void = () => undefined;
  #follower: ControlClient | undefined;

  constructor(
    private readonly line: TerminalLine,
    private readonly command: WaitingCommand,
    private readonly voices: Voices,
  ) {
    this.#seen = nothingSeen(command.type, now());
  }

  async during(act: (voices: Voices) => Promise<number>): Promise<number> {
    const leaveSignals = beforeDeath((signal) => {
      this.line.end();
      sendSignal(process.pid, signal);
    });
    try {
      await this.#follow();
      await this.#look(); // before anything is asked for
      const shown = this.#keepUp();
      const code = await act({ say: this.#above(this.voices.say), print: this.#above(this.voices.print) }).finally(() =>
        this.#end(shown),
      );
      await this.#tellOutcome();
      return code;
    } finally {
      this.#follower?.close();
      leaveSignals();
    }
  }

  async #end(shown: Promise<void>): Promise<void> {
    this.#isOver = true;
    this.line.erase();
    this.#wake();
    await shown;
  }

  async #keepUp(): Promise<void> {
    while (!this.#isOver) {
      await this.#look();
      this.#draw();
      await this.#pause();
    }
  }

  async #pause(): Promise<void> {
    if (!this.#isOver) await Promise.race([wait(pace), new Promise<void>((resolve) => (this.#wake = resolve))]);
  }

  async #look(): Promise<void> {
    const sight = await look(targetOf(this.command));
    this.#seen = looked(this.#seen, sight, now());
  }

  /** The events tell how workers end; where nobody tells them, less is shown. */
  async #follow(): Promise<void> {
    const { control } = this.command;
    if (control === undefined) return;
    try {
      this.#follower = await ControlClient.ask(control, { command: 'follow' });
      void this.#hear(this.#follower);
    } catch (error) {
      if (!(error instanceof StarterError)) throw error;
    }
  }

  async #hear(follower: ControlClient): Promise<void> {
    try {
      for await (const event of follower.events()) {
        this.#seen = heard(this.#seen, event);
        this.#wake();
      }
    } catch (error) {
      if (!(error instanceof StarterError)) throw error;
    }
  }

  #draw(): void {
    if (this.#isOver) return;
    const hint = this.#isHinted ? undefined : hintOn(this.#seen, now());
    if (hint !== undefined) {
      this.#isHinted = true;
      this.line.erase();
      this.voices.say(hint);
    }
    const { what, time } = awaited(this.#seen, now());
    this.line.show(what, time);
  }

  #above<T>(write: (text: T) => void): (text: T) => void {
    return (text) => {
      this.line.erase();
      write(text);
      this.#draw();
    };
  }

  async #tellOutcome(): Promise<void> {
    await this.#look();
    const isWorthWaiting = () => this.#follower !== undefined && isEndUntold(this.#seen);
    for (let turn = 0; turn < looks && isWorthWaiting(); turn += 1) await wait(shortPace);
    const told = outcome(this.#seen);
    if (told !== undefined) this.voices.say(told);
  }
}

/** A command without files has a control socket alone. */
function targetOf(command: WaitingCommand): Target<Files> {
  return 'files' in command ? command : { control: command.control, files: undefined };
}
