/**
 * Asks another image of this program whether it could go on with the run, while there is still a way back. It is started
 * by the launcher, as a child, and is given the document.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { addon } from '../engine/addon.js';
import { Descriptors } from '../engine/descriptors.js';
import { isSystemError } from '../engine/system-error.js';
import type { Children } from '../processes/children.js';
import { handedDown, nodeVariable, type Inheritance } from '../processes/inheritance.js';
import { sendSignal } from '../processes/process.js';
import { checkValue, handoverVariable } from './handover-variable.js';

/** Descriptors of the child. */
const [documentNumber, answerNumber] = [3, 4];

/** Whoever does not know what is asked, Perl's start_server perhaps, does nothing but to say that there is no such option. */
const checkOption = '--check-handover';

/** How much is read at once of the answer, and of what else the child says. A longer answer is none. */
const mostBytes = 64 * 1024;

const kill = 9;

export interface CheckRequest {
  /** The path by which the command was called. */
  readonly calledAs: string;
  readonly inheritance: Inheritance;
  readonly children: Children;
  /** A descriptor of the document. It stays open here. */
  readonly document: number;
}

export class ImageCheck {
  #answer = '';

  private constructor(
    readonly pid: number,
    private readonly answer: number,
    private readonly errors: number,
  ) {}

  /** Throws what the system refuses. */
  static start({ calledAs, inheritance, children, document }: CheckRequest): ImageCheck {
    const [ours, its] = [new Descriptors(), new Descriptors()];
    const pipe = () => {
      const [reading, writing] = addon.pipe();
      its.hold(writing);
      addon.signalInput(ours.hold(reading)); // so that no read of it waits
      return { reading, writing };
    };
    try {
      const [answer, errors] = [pipe(), pipe()];
      const nothing = its.hold(openSync('/dev/null', 'r+'));
      const pid = children.start({
        file: calledAs,
        args: [calledAs, checkOption],
        env: [
          ...inheritance.environment,
          ...addon.environ().filter((entry) => entry.startsWith(`${nodeVariable}=`)),
          `${handoverVariable}=${checkValue(documentNumber, answerNumber)}`,
        ],
        fds: [
          [nothing, 0],
          [nothing, 1],
          [errors.writing, 2],
          [document, documentNumber],
          [answer.writing, answerNumber],
        ],
        ...handedDown(inheritance),
      });
      return new ImageCheck(pid, answer.reading, errors.reading);
    } catch (error) {
      ours.close();
      throw error;
    } finally {
      its.close();
    }
  }

  /** What the child has answered so far, as a byte string. */
  readAnswer(): string {
    if (this.#answer.length < mostBytes) this.#answer += readAvailable(this.answer);
    return this.#answer;
  }

  /** To be called once: gives what the child has said besides, as a byte string. */
  close(): string {
    const errors = readAvailable(this.errors);
    for (const descriptor of [this.answer, this.errors]) closeSync(descriptor);
    return errors;
  }

  /** For a child that has taken too long, or whose answer nobody needs any more. Its end is told like that of any child. */
  kill(): void {
    sendSignal(this.pid, kill);
  }
}

/** Does not wait: a process that the child has left behind may keep the other end open. */
function readAvailable(descriptor: number): string {
  const buffer = Buffer.alloc(mostBytes);
  try {
    return buffer.toString('latin1', 0, readSync(descriptor, buffer));
  } catch (error) {
    if (isSystemError(error) && error.code === 'EAGAIN') return '';
    throw error;
  }
}
