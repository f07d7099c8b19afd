/** Going on with a run that another image of this process has left, and saying whether that could be done. */
import { chooseCommand, type StartCommand } from '../core/command-line/command.js';
import { parseOptions } from '../core/command-line/option-parser.js';
import { encodeImage } from '../core/handover/checked-image.js';
import { decodeDocument, type HandoverDocument } from '../core/handover/document.js';
import { Misshapen } from '../core/report/shape.js';
import { messages } from '../core/loop/messages.js';
import type { ManagerEnvironment } from '../core/manager/manager-environment.js';
import { exitCodes } from '../core/text/exit-codes.js';
import { StarterError } from '../core/text/starter-error.js';
import { failures } from '../core/text/failures.js';
import { upgradeReasons } from '../core/text/upgrade-reasons.js';
import { attempt, reasonOf } from '../service/attempt.js';
import type { Bed } from '../service/hibernation.js';
import { takeUpService } from '../service/take-up-service.js';
import { thisImage } from '../service/succession.js';
import { readDocument } from '../system/handover/document-file.js';
import { ownImage, scriptBehind, tellChecker } from '../system/handover/own-image.js';
import { isSystemError } from '../system/engine/system-error.js';
import { commandSystem } from '../system/engine/platform.js';
import { ProcessOutput } from '../system/output/output.js';
import { DaemonReport } from '../system/processes/daemon.js';
import { Installation } from '../system/handover/installation.js';
import { openBed, runService, type OwnProcess } from './own-process.js';

/** Gives the exit code of the run. */
export async function takeUp(descriptor: number, whenCalm?: () => void): Promise<number> {
  const document = readFrom(descriptor);
  const { inheritance, installation, isDaemon, report } = document;
  const command = commandIn(document);
  const { bed, trouble } = bedFor(command, document);
  const own: OwnProcess = {
    command,
    calling: document.command,
    inheritance,
    manager: managerIn(document),
    output: ProcessOutput.takeUp(document.output),
    isDaemon,
    report: report && DaemonReport.takeUp(report),
    bed,
    ...(whenCalm && { whenCalm }),
  };
  return runService(own, async (_, surroundings) => {
    const service = await takeUpService(command, surroundings, document);
    if (installation === undefined) {
      service.say(messages.upgraded(document.writer, thisImage));
      service.control?.upgraded(document.writer, thisImage);
      service.counters.upgraded();
    }
    if (trouble !== undefined) service.say(trouble);
    return service;
  });
}

/** What the service manager has told the first image. Its sockets have been handed over with all others. */
function managerIn({ manager }: HandoverDocument): ManagerEnvironment | undefined {
  if (manager === undefined) return undefined;
  const { notifySocket, watchdog, journal } = manager;
  return { notifySocket, watchdog, journal, isStranger: false, descriptors: [] };
}

/** Tells the image before whether this one could go on with its run: it does here what a take-up would do first. */
export function checkTakeUp(descriptor: number, answer: number): number {
  const document = readFrom(descriptor);
  const { calledAs } = document.command;
  const script = scriptBehind(calledAs);
  if (script !== undefined) throw unfit(upgradeReasons.isWrapper(calledAs, script));
  const image = ownImage();
  if (image === undefined) throw unfit(upgradeReasons.notPreloaded());
  attempt(() => openBed(commandIn(document), document.command), failures.cannotHibernate)?.installation.close();
  tellChecker(answer, encodeImage({ ...thisImage, ...image }));
  return exitCodes.success.code;
}

function unfit(message: string): StarterError {
  return new StarterError({ message, exitCode: exitCodes.usage.code });
}

/** The one that it has slept in, or another one. Where there is none by now, it goes on awake: the run must not end for that. */
function bedFor(command: StartCommand, document: HandoverDocument): { bed?: Bed; trouble?: string } {
  const { hibernate: after } = command;
  const { installation } = document;
  if (after !== undefined && installation !== undefined)
    return { bed: { after, installation: Installation.takeUp(installation), isWoken: true } };
  try {
    const bed = openBed(command, document.command);
    return bed === undefined ? {} : { bed };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { trouble: failures.cannotHibernate(reasonOf(error)) };
  }
}

function readFrom(descriptor: number): HandoverDocument {
  try {
    return decodeDocument(readDocument(descriptor));
  } catch (error) {
    if (!(error instanceof Misshapen)) throw error;
    const message = `the handover document cannot be understood: ${error.message}`;
    throw new StarterError({ message, exitCode: exitCodes.internal.code }, error);
  }
}

function commandIn({ command: { words, posixlyCorrect } }: HandoverDocument): StartCommand {
  const asked = parseOptions(words, { posixlyCorrect });
  const [error] = asked.errors;
  if (error !== undefined) throw new StarterError({ message: error, exitCode: exitCodes.usage.code });
  const command = chooseCommand(asked, commandSystem);
  if (!command.ok) throw new StarterError(command.error);
  if (command.value.type !== 'start') throw new TypeError(`a run is handed over, not ${command.value.type}`);
  return command.value;
}
