import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Test } from 'tap';

/** Answers a client, whose request says what it wants; the connection stays open until it is closed. */
export type Answering = (command: string, client: Client) => void;

/** A client of the test's own control socket. */
export class Client {
  constructor(private readonly socket: Socket) {}

  say(...answers: readonly object[]): void {
    for (const answer of answers) this.socket.write(`${JSON.stringify(answer)}\n`);
  }

  /** The last answer of all. */
  end(answer: object): void {
    this.socket.end(`${JSON.stringify(answer)}\n`);
  }
}

/** A control socket `c` in a directory where the test itself answers, when it wants to. */
export async function controlDouble(t: Test, directory: string, answer: Answering): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined); // a client may go at any time
    socket.once('data', (line) => {
      const { command } = JSON.parse(String(line)) as { command: string };
      answer(command, new Client(socket));
    });
  });
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(join(directory, 'c'), resolve));
}
