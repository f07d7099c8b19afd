/** Readiness told by datagrams, as systemd's sd_notify(3) has it. */
import type { NotifyPart, ReadinessPart } from '../../core/handover/document.js';
import type { Word } from '../../core/loop/worker-words.js';
import { addon } from '../engine/addon.js';
import type { Keep } from '../engine/keep.js';
import { wordsIn } from './notification.js';
import { closeNotifySocket, hasFile, isReachable, type NamedSocket } from './notify-name.js';
import { statOf } from '../processes/process.js';
import type { Readiness, ReadinessHandout, Told } from './readiness.js';
import { ReceivedDescriptors } from './received-descriptors.js';

/** How many messages are read in one turn of the loop: fewer than may wait in the socket, on Linux 11 as a rule. */
const mostMessages = 8;

/** How many generations a sender may be away from the worker. */
const furthest = 64;

export class NotifySocket implements Readiness {
  readonly #workers = new Set<number>();
  readonly #received: ReceivedDescriptors;
  #socket: NamedSocket;
  /** True while messages are read that came during a change of images, when nobody could look who had sent them. */
  #wasAway = false;

  private constructor(
    private readonly open: () => NamedSocket,
    wake: () => void,
    socket: NamedSocket,
  ) {
    this.#received = new ReceivedDescriptors(wake);
    this.#socket = socket;
    addon.signalInput(socket.fd);
  }

  /** `wake` is called when `take` should be, though nothing new has come. */
  static open(open: () => NamedSocket, wake: () => void): NotifySocket {
    return new NotifySocket(open, wake, open());
  }

  static takeUp(open: () => NamedSocket, wake: () => void, { fd, name, workers }: NotifyPart): NotifySocket {
    addon.setCloseOnExec(fd);
    const taken = new NotifySocket(open, wake, { fd, name });
    for (const pid of workers) taken.#workers.add(pid);
    taken.#wasAway = true;
    return taken;
  }

  handOver(keep: Keep): ReadinessPart | undefined {
    if (this.#received.areOpen) return undefined;
    const { fd, name } = this.#socket;
    return { notify: { fd: keep(fd), name, workers: [...this.#workers] }, pipes: [] };
  }

  get readable(): readonly number[] {
    return [this.#socket.fd];
  }

  handOut(): ReadinessHandout {
    if (!isReachable(this.#socket)) {
      const another = this.#openAnother(); // may throw: then the old socket is still read
      this.close();
      this.#socket = another;
    }
    return { variables: [['NOTIFY_SOCKET', this.#socket.name]], descriptors: [] };
  }

  handedTo(pid: number | undefined): void {
    if (pid !== undefined) this.#workers.add(pid);
  }

  forget(pid: number): void {
    this.#workers.delete(pid);
  }

  take(): Told {
    const words: Word[] = [];
    const workers = new Map<number, number | undefined>(); // most messages of one turn have one sender
    for (let count = 0; count < mostMessages; count += 1) {
      const message = this.#received.areWaiting ? undefined : addon.receiveNotification(this.#socket.fd);
      if (message === undefined) {
        this.#wasAway = false;
        return { words, isAll: true };
      }
      const { sender, text, descriptors } = message;
      this.#received.add(descriptors);
      if (!workers.has(sender)) workers.set(sender, this.#workerOf(sender));
      const worker = workers.get(sender);
      if (worker !== undefined) words.push(...wordsIn(text, worker));
    }
    return { words, isAll: false };
  }

  close(): void {
    closeNotifySocket(this.#socket);
  }

  #openAnother(): NamedSocket {
    const socket = this.open();
    addon.signalInput(socket.fd);
    return socket;
  }

  /**
   * The worker that the sender is, or descends from. Of a sender that was reaped nobody can tell that any more. If the
   * message may have waited for long, and only workers know the name of the socket, it is counted for the newest
   * worker: a short command that tells something and ends is most likely that one's.
   */
  #workerOf(sender: number): number | undefined {
    if (this.#wasAway && hasFile(this.#socket.name) && statOf(sender) === undefined) return [...this.#workers].at(-1);
    let pid = sender;
    for (let steps = 0; steps < furthest && pid > 1; steps += 1) {
      if (this.#workers.has(pid)) return pid;
      pid = statOf(pid)?.parent ?? 0;
    }
    return undefined;
  }
}
