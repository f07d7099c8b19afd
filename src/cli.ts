/** The command `start_server`: arguments in, exit code out, and the only place that ends the process. */
import { daemonize } from './commands/daemonize.js';
import { reconfigure } from './commands/reconfigure.js';
import { restart } from './commands/restart.js';
import { showStatus } from './commands/show-status.js';
import { start, type Origin } from './commands/start.js';
import { stop } from './commands/stop.js';
import { chooseCommand, type Command } from './core/command-line/command.js';
import { exitCodes } from './core/text/exit-codes.js';
import { helpText } from './core/command-line/help.js';
import { parseOptions } from './core/command-line/option-parser.js';
import { StarterError } from './core/text/starter-error.js';
import { addon, addonFailure } from './system/engine/addon.js';
import { rawArguments } from './system/engine/arguments.js';
import { DaemonReport } from './system/processes/daemon.js';
import { stayFrugal } from './system/engine/engine-memory.js';
import { dismissHolder } from './system/processes/inheritance.js';
import { leaveSignals } from './system/signals/own-signals.js';
import { commandSystem, isPosixlyCorrect, version } from './system/engine/platform.js';
import { flushLines, writeLine, writeOutput } from './system/output/stdio.js';

/** Gives the exit code; what cannot be done is a StarterError. */
export async function main(argv: readonly string[], origin: Origin = {}): Promise<number> {
  const asked = parseOptions(argv, { posixlyCorrect: isPosixlyCorrect });
  if (asked.errors.length > 0) {
    for (const error of asked.errors) writeLine(error);
    return exitCodes.usage.code;
  }
  const command = chooseCommand(asked, commandSystem);
  if (!command.ok) throw new StarterError(command.error);
  return carryOut(command.value, argv, origin);
}

async function carryOut(command: Command, argv: readonly string[], origin: Origin): Promise<number> {
  const isDaemon = origin.report !== undefined;
  if (command.type === 'start' && (isDaemon || !command.daemonize)) return start(command, origin);
  leaveSignals(); // all others wait for somebody at most
  switch (command.type) {
    case 'help':
      writeOutput(helpText());
      return exitCodes.success.code;
    case 'version':
      writeOutput(`${version}\n`);
      return exitCodes.success.code;
    case 'restart':
      return restart(command, writeLine);
    case 'reconfigure':
      return reconfigure(command, argv, { say: writeLine, print: writeOutput });
    case 'stop':
      return stop(command, writeLine);
    case 'show status':
      return showStatus(command, writeOutput);
    case 'start':
      return daemonize(rawArguments());
  }
}

/** For how many milliseconds the last lines wait for a reader. */
const lastPatience = 500;

/** Does what the arguments of this process ask for, and ends it. */
export function run(): void {
  if (addonFailure !== undefined) {
    writeLine(`start_server: ${addonFailure.message}`);
    void flushLines(lastPatience).then(() => process.exit(exitCodes.usage.code));
    return;
  }
  const report = DaemonReport.fromEnvironment();
  const end = async (code: number): Promise<never> => {
    await flushLines(lastPatience);
    report?.tellEnd(code);
    dismissHolder();
    addon.exit(code);
  };
  addon.setProcessName('start_server');
  void main(rawArguments(), { report, whenCalm: stayFrugal }).catch(tellFailure).then(end);
}

/** Gives the exit code. */
function tellFailure(error: unknown): number {
  if (error instanceof StarterError) {
    for (const line of [error.message, ...error.details]) writeLine(line);
    return error.exitCode;
  }
  const story = error instanceof Error ? (error.stack ?? error.message) : String(error);
  for (const line of `start_server: internal error: ${story}`.split('\n')) writeLine(line);
  return exitCodes.internal.code;
}
