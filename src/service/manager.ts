/** The service manager that has started this: what it hands down, keeps, and is told. */
import type { ListenFdsScope } from '../core/command-line/command.js';
import type { ListenerSpec } from '../core/command-line/port-spec.js';
import type { ManagerPart, TellingPart } from '../core/handover/manager-part.js';
import { messages } from '../core/loop/messages.js';
import type { Settings } from '../core/loop/types.js';
import type { GivenSocket } from '../core/manager/given-sockets.js';
import type { ManagerEnvironment } from '../core/manager/manager-environment.js';
import { storedName } from '../core/manager/socket-names.js';
import { passBarrier } from '../system/manager/barrier.js';
import { removeSocket } from '../system/manager/given-descriptors.js';
import { Notifier } from '../system/manager/notifier.js';
import type { Inbox } from '../system/loop/inbox.js';
import { reasonOf } from './attempt.js';
import type { FailureMemory } from './failure-memory.js';
import { GivenListeners } from './given-listeners.js';
import type { OpenListener } from './listeners.js';
import { ManagerTelling } from './manager-telling.js';
import { Trouble, type Say } from './say.js';

export class Manager {
  /** Undefined where the manager does not want to be told anything. */
  readonly #notifier: Notifier | undefined;
  readonly #environment: ManagerEnvironment;
  readonly #say: Say;
  readonly #taken: TellingPart | undefined;
  #telling: ManagerTelling | undefined;

  /** `taken`: what the image before has told the manager. */
  constructor(
    environment: ManagerEnvironment,
    { inbox, say }: { readonly inbox: Inbox; readonly say: Say },
    taken?: TellingPart,
  ) {
    this.#taken = taken;
    const { notifySocket } = environment;
    this.#environment = environment;
    this.#say = say;
    const trouble = new Trouble(say);
    this.#notifier =
      notifySocket === undefined
        ? undefined
        : new Notifier(notifySocket, {
            later: (milliseconds, act) => inbox.later(milliseconds, act),
            refused: (error) => trouble.tell(messages.managerUnreachable(notifySocket, reasonOf(error))),
          });
  }

  /**
   * Its sockets, by what is asked for. One of ours that nobody asks for any more is closed, here and there, before
   * others are bound, since it may be in their way.
   */
  async listeners(specs: readonly ListenerSpec[], scope: ListenFdsScope | undefined): Promise<GivenListeners> {
    const given = new GivenListeners(specs, this.#environment.descriptors, scope);
    for (const socket of given.useless) this.#drop(socket);
    if (given.useless.length > 0 && this.#notifier !== undefined) await passBarrier(this.#notifier);
    return given;
  }

  /** Has it keep the sockets that were bound here, each once, so that the next start_server finds them open. */
  keep(listeners: readonly OpenListener[]): void {
    if (this.#notifier === undefined) return;
    for (const { spec, listener } of listeners) {
      listener.leaveAddress();
      this.#notifier.send(`FDSTORE=1\nFDNAME=${storedName(spec)}\nFDPOLL=0`, [listener.descriptor]);
    }
  }

  /** Nobody asks for these sockets any more: it does not keep them either, and they are about to be closed here. */
  release(listeners: readonly OpenListener[]): void {
    for (const { spec, listener } of listeners) {
      listener.reclaimAddress();
      this.#notifier?.send(`FDSTOREREMOVE=1\nFDNAME=${storedName(spec)}`);
    }
  }

  /** The parts to be told of every decision, and to be called when there is nothing to decide. */
  telling(parts: { readonly settings: () => Settings; readonly failures: FailureMemory }): ManagerTelling | undefined {
    this.#telling = this.#notifier && new ManagerTelling(this.#notifier, this.#environment, parts, this.#taken);
    return this.#telling;
  }

  handOver(): ManagerPart {
    const { notifySocket, watchdog, journal } = this.#environment;
    const telling = this.#telling?.handOver();
    return {
      ...(notifySocket !== undefined && { notifySocket }),
      ...(watchdog !== undefined && { watchdog }),
      ...(journal !== undefined && { journal }),
      ...(telling && { telling }),
    };
  }

  #drop(socket: GivenSocket): void {
    this.#say(messages.droppingSocket(socket.name));
    this.#notifier?.send(`FDSTOREREMOVE=1\nFDNAME=${socket.name}`);
    removeSocket(socket);
  }
}
