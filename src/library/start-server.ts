import { Closing } from '../service/closing.js';
import { openService } from '../service/open-service.js';
import { chooseCommand } from '../core/command-line/command.js';
import { StarterError } from '../core/text/starter-error.js';
import { addon } from '../system/engine/addon.js';
import { OwnChildren, reapEnded } from '../system/processes/children.js';
import type { Inheritance } from '../system/processes/inheritance.js';
import { SeparateOutput } from '../system/output/output.js';
import { Inbox } from '../system/loop/inbox.js';
import { commandSystem, signals } from '../system/engine/platform.js';
import { sendSignal, wait } from '../system/processes/process.js';
import { handleCommandSignals, listenForEnds, listenForInput, onExit } from '../system/signals/signal-handlers.js';
import { requireMainThread } from './main-thread.js';
import { environOf, readOptions, type ServerOptions } from './options.js';
import { readable } from './readable.js';
import { RunningServer } from './running-server.js';
import type { Server } from './server.js';

/** For how many milliseconds a logger may go on reading after the end. */
const patience = 5000;

/**
 * Opens the sockets and runs the program with them, as the command `start_server` does, inside this process; fulfilled
 * once the sockets are open, when clients can connect already. It touches no handler of this process's signals unless
 * `handleSignals` is set, waits for its own children only, and runs beside others of its kind.
 *
 * Rejects with a TypeError for options of the wrong type; with a StarterError, which has the command's message and exit
 * code, for what the command would refuse; and with the reason of `signal` if that was aborted. Nothing is left behind
 * then.
 */
export function startServer(options: ServerOptions): Promise<Server> {
  return readable(start(options));
}

async function start(options: ServerOptions): Promise<Server> {
  requireMainThread('startServer');
  const { options: parsed, program } = readOptions(options);
  options.signal?.throwIfAborted();
  const command = chooseCommand({ options: parsed, program }, commandSystem);
  if (!command.ok) throw new StarterError(command.error);
  if (command.value.type !== 'start') throw new TypeError('startServer only starts');
  const children = new OwnChildren();
  const inbox = new Inbox();
  const closing = new Closing();
  const disconnect = connect(inbox, closing, children, options);
  const end = async (): Promise<void> => {
    closing.close();
    await reapAll(children);
    disconnect();
  };
  try {
    const service = await openService(command.value, {
      pid: process.pid,
      inheritance: inheritanceFor(options.env),
      isDaemon: false,
      children,
      output: new SeparateOutput(),
      inbox,
      closing,
      forked: () => undefined,
      listenForInput,
    });
    options.signal?.throwIfAborted();
    return new RunningServer(service, inbox, end);
  } catch (error) {
    await end();
    throw error;
  }
}

/** Has signals, ends of children and the exit told to the service. Gives back how to end that. */
function connect(
  inbox: Inbox,
  closing: Closing,
  children: OwnChildren,
  { signal, handleSignals }: ServerOptions,
): () => void {
  const abort = (): void => {
    inbox.requestStop('TERM');
  };
  signal?.addEventListener('abort', abort);
  const disconnect = [
    listenForEnds(inbox),
    // After an exit nobody would tell the workers to end, or remove the files.
    onExit(() => {
      for (const pid of children.pids) sendSignal(pid, signals.names.SIGTERM);
      closing.close();
    }),
    handleSignals === true ? handleCommandSignals(inbox) : () => undefined,
    () => signal?.removeEventListener('abort', abort),
  ];
  return () => {
    for (const act of disconnect) act();
  };
}

/** Of all that this process has open, only the standard streams reach a worker. */
function inheritanceFor(env: ServerOptions['env']): Inheritance {
  return {
    environment: env === undefined ? addon.environ() : environOf(env),
    softLimits: {},
    ignoredSignals: [],
    blockedSignals: [],
    descriptors: [0, 1, 2],
  };
}

/** Reaps the last child, which is the logger, if there is one. */
async function reapAll(children: OwnChildren): Promise<void> {
  for (let waited = 0; waited < patience; waited += 10) {
    reapEnded(children);
    if (children.pids.length === 0) return;
    await wait(10);
  }
}
