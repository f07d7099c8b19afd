/** Runs a program under the superdaemon until it is told to stop. */
import type { StartCommand } from '../core/command.js';
import { messages } from '../core/messages.js';
import type { Options } from '../core/option-table.js';
import { checkListenerSpecs, parsePathSpec, parsePortSpec, type ListenerSpec } from '../core/port-spec.js';
import { StarterError } from '../core/starter-error.js';
import type { Result, Worker } from '../core/types.js';
import { superdaemon } from '../superdaemon.js';
import type { DaemonReport } from '../system/daemon.js';
import { EnvdirWatch } from '../system/envdir.js';
import { readInheritance } from '../system/inheritance.js';
import type { Listener } from '../system/listener.js';
import type { PidFile } from '../system/pid-file.js';
import { defaultBacklog, longestSocketPath } from '../system/platform.js';
import { PosixKernel } from '../system/posix-kernel.js';
import { writeLine } from '../system/stdio.js';
import { openLog, type Log } from './log.js';
import { openListener, withAddresses } from './open-listeners.js';
import { Program } from './program.js';
import { lockPidFile, openStatusFile, releasePidFile, statusWriter } from './run-files.js';

/** Gives the exit code; what keeps the service from starting is a StarterError, and nothing is left behind then. */
export async function start(command: StartCommand, options: Options, report?: DaemonReport): Promise<number> {
  const inheritance = readInheritance();
  const program = new Program(command, options, inheritance);
  const { environment } = program;
  const log = openLog(command.logFile, { environment, inheritance, isDaemon: report !== undefined });
  writeLine(messages.startingNow(report?.foreground ?? process.pid));
  const specs = readSpecs(options, inheritance.softNofile);
  const leave: (() => void)[] = [];
  try {
    const pidFile = command.pidFile === undefined ? undefined : lock(command.pidFile, leave);
    const writeStatus = statusFile(command.statusFile, leave);
    const kernel = kernelFor(program, log, writeStatus, report);
    followEnvdir(program, kernel, leave);
    const resolved = await Promise.race([withAddresses(specs), kernel.stopRequested]);
    if (resolved !== undefined) {
      program.listenOn(resolved, openAll(resolved, command, leave));
      pidFile?.write();
    }
    log.redirect();
    return await superdaemon(kernel);
  } finally {
    for (const act of leave.reverse()) act();
  }
}

function kernelFor(
  program: Program,
  log: Log,
  writeStatus: (workers: readonly Worker[]) => void,
  report: DaemonReport | undefined,
): PosixKernel {
  const kernel: PosixKernel = new PosixKernel({
    blockedSignals: program.inheritance.blockedSignals,
    settings: () => program.settings,
    reloadSettings: () => {
      program.reload();
    },
    spawn: (generation) => {
      const pid = program.spawn(generation);
      report?.tellStanding();
      return pid;
    },
    writeStatus,
    reopenLog: () => {
      log.reopen();
    },
    takesEndOf: (pid, status) => log.takesEndOf(pid, status, kernel),
  });
  return kernel;
}

function lock(path: string, leave: (() => void)[]): PidFile {
  const file = lockPidFile(path);
  leave.push(() => {
    releasePidFile(path, file);
  });
  return file;
}

function statusFile(path: string | undefined, leave: (() => void)[]): (workers: readonly Worker[]) => void {
  if (path === undefined) return () => undefined;
  const file = openStatusFile(path);
  leave.push(() => {
    file.remove();
  });
  return statusWriter(path, file);
}

/** Without an event of its own, a change of the envdir would be seen at the next fork only. */
function followEnvdir(program: Program, kernel: PosixKernel, leave: (() => void)[]): void {
  const watch = new EnvdirWatch(() => {
    kernel.settingsMayHaveChanged();
  });
  program.onReload = () => {
    watch.watch(program.envdir);
  };
  program.onReload();
  leave.push(() => {
    watch.close();
  });
}

function openAll(specs: readonly ListenerSpec[], { backlog }: StartCommand, leave: (() => void)[]): Listener[] {
  return specs.map((spec) => {
    const listener = openListener(spec, backlog ?? defaultBacklog);
    leave.push(() => {
      listener.close();
    });
    return listener;
  });
}

/** Reads all --port and --path values before anything is opened, ports first as the worker finds them. */
function readSpecs(options: Options, softNofile: number | undefined): ListenerSpec[] {
  const specs = [
    ...options.port.map((text) => valueOf(parsePortSpec(text))),
    ...options.path.map((path) => valueOf(parsePathSpec(path, longestSocketPath))),
  ];
  for (const warning of valueOf(checkListenerSpecs(specs, softNofile ?? Infinity))) writeLine(warning);
  return specs;
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new StarterError(result.error);
  return result.value;
}
