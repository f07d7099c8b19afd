import type { Test } from 'tap';
import { Terminal } from './terminal.js';
import { TestPipe } from './test-pipe.js';
import { UnreadSocket } from './unread-socket.js';

/** Something that a log is written to, and whose reader is the test, which may also read nothing. */
export interface Sink {
  /** Blocking, as workers have it. */
  readonly descriptor: number;
  /** Fills it until there is no room. */
  fill(): Promise<void>;
  /** From here on it is read. */
  read(): void;
  /** What was read so far. */
  readonly text: () => string;
  /** Nobody will ever read it again. */
  close(): Promise<void>;
}

/** A sink of every kind. */
export const sinks: Readonly<Record<string, (t: Test) => Promise<Sink>>> = {
  'a pipe': (t) => Promise.resolve(pipeSink(new TestPipe(t))),
  'a socket': async (t) => {
    const socket = await UnreadSocket.open(t);
    return {
      descriptor: socket.descriptor,
      fill: () => {
        socket.fill();
        return Promise.resolve();
      },
      read: () => {
        socket.read();
      },
      text: () => socket.text,
      close: () => socket.close(),
    };
  },
  'a terminal': async (t) => {
    const terminal = await Terminal.open(t);
    return {
      ...terminalSink(terminal),
      fill: () => terminal.fill(),
    };
  },
  'a terminal stopped by ^S': async (t) => {
    const terminal = await Terminal.open(t);
    return {
      ...terminalSink(terminal),
      fill: () => terminal.stop(),
      read: () => {
        terminal.goOn();
        terminal.read();
      },
    };
  },
};

function pipeSink(pipe: TestPipe): Sink {
  let isRead = false;
  return {
    descriptor: pipe.writing,
    fill: () => {
      pipe.fill();
      return Promise.resolve();
    },
    read: () => {
      isRead = true;
    },
    text: () => (isRead ? pipe.keepReading() : ''),
    close: () => {
      pipe.closeReading();
      return Promise.resolve();
    },
  };
}

function terminalSink(terminal: Terminal): Omit<Sink, 'fill'> {
  return {
    descriptor: terminal.descriptor,
    read: () => {
      terminal.read();
    },
    text: () => terminal.text,
    close: () => terminal.close(),
  };
}
