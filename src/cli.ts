/** The command `start_server`: arguments in, exit code out, and the only place that ends the process. */
import { cancel } from './commands/cancel.js';
import { check } from './commands/check.js';
import { daemonize } from './commands/daemonize.js';
import { follow } from './commands/follow.js';
import { NoReader, print } from './commands/print.js';
import { reconfigure } from './commands/reconfigure.js';
import { restart } from './commands/restart.js';
import { showStatus } from './commands/show-status.js';
import { start, type Origin } from './commands/start.js';
import { stop } from './commands/stop.js';
import { checkTakeUp, takeUp } from './commands/take-up.js';
import { upgrade } from './commands/upgrade.js';
import { whileShown, type Voices } from './commands/while-shown.js';
import type { WaitingCommand } from './core/command-line/control-command.js';
import { chooseCommand, type Command } from './core/command-line/command.js';
import { exitCodes } from './core/text/exit-codes.js';
import { helpText } from './core/command-line/help.js';
import { controlVariable, withDefaultControl } from './core/command-line/default-control.js';
import { parseOptions } from './core/command-line/option-parser.js';
import { StarterError } from './core/text/starter-error.js';
import { valueIn } from './core/workers/environment.js';
import { addon, addonFailure } from './system/engine/addon.js';
import { rawArguments } from './system/engine/arguments.js';
import { DaemonReport } from './system/processes/daemon.js';
import { stayFrugal } from './system/engine/engine-memory.js';
import { dismissHolder } from './system/processes/inheritance.js';
import { leaveSignals } from './system/signals/own-signals.js';
import { commandSystem, isPosixlyCorrect, version } from './system/engine/platform.js';
import { handoverIn } from './system/handover/handover-variable.js';
import { flushLines, writeLine } from './system/output/stdio.js';
import { TerminalLine } from './system/output/terminal-line.js';

/** For the rehearsal of the loader, as `main` is. */
export { checkTakeUp, takeUp };

/** Gives the exit code; what cannot be done is a StarterError. */
export async function main(argv: readonly string[], origin: Origin = {}): Promise<number> {
  const asked = parseOptions(argv, { posixlyCorrect: isPosixlyCorrect });
  if (asked.errors.length > 0) {
    for (const error of asked.errors) writeLine(error);
    return exitCodes.usage.code;
  }
  const options = withDefaultControl(asked.options, valueIn(addon.environ(), controlVariable));
  const command = chooseCommand({ ...asked, options }, commandSystem);
  if (!command.ok) throw new StarterError(command.error);
  return carryOut(command.value, argv, origin);
}

async function carryOut(command: Command, argv: readonly string[], origin: Origin): Promise<number> {
  const isDaemon = origin.report !== undefined;
  if (command.type === 'start' && (isDaemon || !command.daemonize)) return start(command, origin);
  leaveSignals(); // the other commands at most wait for somebody
  switch (command.type) {
    case 'help':
      print(helpText());
      return exitCodes.success.code;
    case 'version':
      print(`${version}\n`);
      return exitCodes.success.code;
    case 'restart':
      return shown(command, ({ say }) => restart(command, say));
    case 'reconfigure':
      return command.check
        ? reconfigure(command, argv, voices)
        : shown(command, (above) => reconfigure(command, argv, above));
    case 'stop':
      return shown(command, ({ say }) => stop(command, say));
    case 'show status':
      return showStatus(command, print);
    case 'upgrade':
      return shown(command, ({ print }) => upgrade(command, print));
    case 'cancel':
      return shown(command, () => cancel(command));
    case 'follow':
      return follow(command, print);
    case 'check':
      return check(command, writeLine, print);
    case 'start':
      return daemonize(rawArguments());
  }
}

const voices: Voices = { say: writeLine, print };

/** Carries out a command that waits, and shows what for where standard error is a terminal. */
function shown(command: WaitingCommand, act: (voices: Voices) => Promise<number>): Promise<number> {
  const kind = valueIn(addon.environ(), 'TERM');
  return whileShown(command.isQuiet === true ? undefined : TerminalLine.open(2, kind), command, voices, act);
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
  void live(report).catch(tellFailure).then(end);
}

/** Does what was typed, or goes on with the run of the image before. */
async function live(report: DaemonReport | undefined): Promise<number> {
  const handover = handoverIn(process.env);
  switch (handover?.type) {
    case 'take up':
      return takeUp(handover.document, stayFrugal);
    case 'check':
      leaveSignals();
      return checkTakeUp(handover.document, handover.answer);
    default:
      return main(rawArguments(), { report, whenCalm: stayFrugal });
  }
}

/** Tells why the command has failed, and gives its exit code. */
function tellFailure(error: unknown): number {
  if (error instanceof NoReader) return exitCodes.noReader.code;
  if (error instanceof StarterError) {
    for (const line of [error.message, ...error.details]) writeLine(line, 'error');
    return error.exitCode;
  }
  const story = error instanceof Error ? (error.stack ?? error.message) : String(error);
  for (const line of `start_server: internal error: ${story}`.split('\n')) writeLine(line, 'error');
  return exitCodes.internal.code;
}
