import { openDirectoryWarnings } from '../service/exposed-directories.js';
import { Service } from '../service/service.js';
import { chooseCommand } from '../core/command-line/command.js';
import { StarterError } from '../core/text/starter-error.js';
import { addon } from '../system/engine/addon.js';
import { OwnChildren, reapEnded } from '../system/processes/children.js';
import type { Inheritance } from '../system/processes/inheritance.js';
import { SeparateOutput } from '../system/output/output.js';
import { signals } from '../system/engine/platform.js';
import { wait } from '../system/processes/process.js';
import { handleCommandSignals, listenForEnds, listenForInput, onExit } from '../system/signals/signal-handlers.js';
import { requireMainThread } from './main-thread.js';
import { environOf, readOptions, type ServerOptions } from './options.js';
import { readable } from './readable.js';
import { RunningServer, type Server } from './server.js';

/** For how many milliseconds a logger may go on reading after the end. */
const patience = 5000;

/**
 * Opens the sockets and runs the program with them, as the command `start_server` does, inside this process; fulfilled
 * once the sockets are open, when clients can connect already. It touches no handler of this process's signals unless
 * `handleSignals` is set, waits for its own children only, and runs beside others of its kind.
 *
 * Rejects with a TypeError for options of the wrong type, with a StarterError (the command's message and exit code) for
 * what the command would refuse, with the reason of `signal` when that was aborted; nothing is left behind then.
 */
export function startServer(options: ServerOptions): Promise<Server> {
  return readable(start(options));
}

async function start(options: ServerOptions): Promise<Server> {
  requireMainThread('startServer');
  const { options: parsed, program } = readOptions(options);
  options.signal?.throwIfAborted();
  const command = chooseCommand({ options: parsed, program }, signals);
  if (!command.ok) throw new StarterError(command.error);
  if (command.value.type !== 'start') throw new TypeError('startServer only starts');
  const children = new OwnChildren();
  const output = new SeparateOutput();
  const service = new Service(command.value, parsed, {
    pid: process.pid,
    inheritance: inheritanceFor(options.env),
    isDaemon: false,
    children,
    output,
    forked: () => undefined,
    listenForInput,
  });
  const disconnect = connect(service, children, options);
  const end = async (): Promise<void> => {
    service.close();
    await reapAll(children);
    disconnect();
  };
  try {
    await service.open();
    for (const line of openDirectoryWarnings(command.value)) service.say(line);
    options.signal?.throwIfAborted();
  } catch (error) {
    await end();
    throw error;
  }
  return new RunningServer(service, end);
}

/** Whatever may tell the service something. Gives back how to end that. */
function connect(service: Service, children: OwnChildren, { signal, handleSignals }: ServerOptions): () => void {
  const abort = (): void => {
    service.kernel.requestStop('TERM');
  };
  signal?.addEventListener('abort', abort);
  const disconnect = [
    listenForEnds(service.kernel),
    // Nobody would tell the workers any more, and the files would stay.
    onExit(() => {
      for (const pid of children.pids) service.kernel.kill(pid, signals.names.SIGTERM);
      service.close();
    }),
    handleSignals === true ? handleCommandSignals(service) : () => undefined,
    () => signal?.removeEventListener('abort', abort),
  ];
  return () => {
    for (const act of disconnect) act();
  };
}

/** Nothing that this process holds reaches a worker but its standard streams. */
function inheritanceFor(env: ServerOptions['env']): Inheritance {
  return {
    environment: env === undefined ? addon.environ() : environOf(env),
    softLimits: {},
    ignoredSignals: [],
    blockedSignals: [],
    descriptors: [0, 1, 2],
  };
}

/** Reaps what is left, which is a logger at most. */
async function reapAll(children: OwnChildren): Promise<void> {
  for (let waited = 0; waited < patience; waited += 10) {
    reapEnded(children);
    if (children.pids.length === 0) return;
    await wait(10);
  }
}
