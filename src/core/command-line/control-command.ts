/** What a command line asks of a superdaemon that runs, and where that one is found. */
import { unableFailure, usageFailure } from '../text/exit-codes.js';
import { failures } from '../text/failures.js';
import type { Options } from './option-table.js';
import { given } from './perl-truth.js';
import type { Duration, Result } from '../loop/types.js';
import { uselessOption, wrongValue } from './option-checks.js';
import { duration } from './settings.js';

export type ControlCommand =
  | ({ readonly type: 'restart' } & Reach<RestartFiles>)
  | ({ readonly type: 'stop'; readonly force: boolean } & Reach<StopFiles>)
  | ({ readonly type: 'show status'; readonly format: StatusFormat } & Reach<StatusFiles>)
  | ({ readonly type: 'upgrade'; readonly control: string } & Waiting)
  | ({ readonly type: 'cancel'; readonly control: string } & Waiting)
  | { readonly type: 'follow'; readonly control: string; readonly json: boolean }
  | ReconfigureCommand;

/** Those that wait until something is so. */
export type WaitingCommand = Extract<
  ControlCommand,
  { readonly type: 'restart' | 'stop' | 'reconfigure' | 'upgrade' | 'cancel' }
>;

/** Whether the rest of the command line is right, the superdaemon says, for which it is. */
export interface ReconfigureCommand extends Waiting {
  readonly type: 'reconfigure';
  readonly control: string;
  /** Only what would change is asked for. */
  readonly check: boolean;
}

/**
 * Where a running superdaemon is found: at its control socket or, where there is none, by its files; one of them is
 * given.
 */
export type Target<Files> =
  | { readonly control: string; readonly files: Files | undefined }
  | { readonly control: undefined; readonly files: Files };

export type Reach<Files> = Target<Files> & Waiting;

/** How a command waits. */
export interface Waiting {
  /** How long; undefined where that is for ever. */
  readonly timeout: Duration | undefined;
  /** Nothing is shown meanwhile. */
  readonly isQuiet?: true;
}

/** Undefined where neither is given. */
export function targetOf<Files>(control: string | undefined, files: Files | undefined): Target<Files> | undefined {
  if (control !== undefined) return { control, files };
  return files === undefined ? undefined : { control, files };
}

export interface StopFiles {
  readonly pidFile: string;
}

export interface RestartFiles extends StopFiles {
  readonly statusFile: string;
}

/** A pid file alone does not tell of workers. */
export type StatusFiles = RestartFiles;

/** What is asked of a running superdaemon, in the original's order; undefined where a server is to be started. */
export function controlCommand(options: Options): Result<ControlCommand> | undefined {
  const name = commandNameOf(options);
  if (name === undefined) return undefined;
  const useless = uselessOption(options, name);
  if (useless !== undefined) return usageFailure(useless);
  switch (name) {
    case 'restart':
      return restartCommand(options);
    case 'stop':
      return stopCommand(options);
    case 'show status':
      return showStatusCommand(options);
    case 'reconfigure':
      return reconfigureCommand(options);
    case 'upgrade':
      return upgradeCommand(options);
    case 'cancel':
      return cancelCommand(options);
    case 'follow':
      return followCommand(options);
  }
}

/** Undefined where a server is to be started. */
export function commandNameOf({
  restart,
  stop,
  reconfigure,
  showStatus,
  upgrade,
  cancel,
  follow,
}: Options): ControlCommand['type'] | undefined {
  if (restart) return 'restart';
  if (stop) return 'stop';
  if (reconfigure) return 'reconfigure';
  if (showStatus) return 'show status';
  if (upgrade) return 'upgrade';
  if (cancel) return 'cancel';
  return follow ? 'follow' : undefined;
}

function restartCommand(options: Options): Result<ControlCommand> {
  const target = targetOf(given(options.control), bothFiles(options));
  const reach = reachAt('restart', options, target, failures.restartNeedsFiles());
  return reach.ok ? { ok: true, value: { type: 'restart', ...reach.value } } : reach;
}

function bothFiles(options: Options): RestartFiles | undefined {
  const pidFile = given(options.pidFile);
  const statusFile = given(options.statusFile);
  return pidFile === undefined || statusFile === undefined ? undefined : { pidFile, statusFile };
}

function stopCommand(options: Options): Result<ControlCommand> {
  const pidFile = given(options.pidFile);
  const files = pidFile === undefined ? undefined : { pidFile };
  const reach = reachAt('stop', options, targetOf(given(options.control), files), failures.stopNeedsFile());
  return reach.ok ? { ok: true, value: { type: 'stop', force: options.force === true, ...reach.value } } : reach;
}

function showStatusCommand(options: Options): Result<ControlCommand> {
  const target = targetOf(given(options.control), bothFiles(options));
  const reach = reachAt('show status', options, target, failures.showStatusNeedsFiles());
  if (!reach.ok) return reach;
  const format = formatOf(options);
  if (format === undefined) return usageFailure(failures.onlyWith('--prometheus', '--show-status without --json'));
  return { ok: true, value: { type: 'show status', format, ...reach.value } };
}

function reconfigureCommand(options: Options): Result<ControlCommand> {
  const reach = reachAt('reconfigure', options, socketOf(options), failures.reconfigureNeedsControl());
  return reach.ok ? { ok: true, value: { type: 'reconfigure', check: options.check === true, ...reach.value } } : reach;
}

/** How a status is printed. */
export type StatusFormat = 'table' | 'json' | 'prometheus';

function formatOf({ json, prometheus }: Options): StatusFormat | undefined {
  if (json === true && prometheus === true) return undefined;
  if (json === true) return 'json';
  return prometheus === true ? 'prometheus' : 'table';
}

/** Needs the control socket: no file tells how an upgrade has ended. */
function upgradeCommand(options: Options): Result<ControlCommand> {
  const reach = reachAt('upgrade', options, socketOf(options), failures.upgradeNeedsControl());
  return reach.ok ? { ok: true, value: { type: 'upgrade', ...reach.value } } : reach;
}

/** Needs the control socket: there is no signal for it. */
function cancelCommand(options: Options): Result<ControlCommand> {
  const reach = reachAt('cancel', options, socketOf(options), failures.cancelNeedsControl());
  return reach.ok ? { ok: true, value: { type: 'cancel', ...reach.value } } : reach;
}

/** Needs the control socket: files tell what is so, not what happens. */
function followCommand(options: Options): Result<ControlCommand> {
  const reach = reachAt('follow', options, socketOf(options), failures.followNeedsControl());
  if (!reach.ok) return reach;
  const { control } = reach.value;
  return { ok: true, value: { type: 'follow', control, json: options.json === true } };
}

/** `none` is what is said where nothing tells the place of the running one. */
function reachAt<Place>(
  name: ControlCommand['type'],
  options: Options,
  place: Place | undefined,
  none: string,
): Result<Place & Waiting> {
  if (place === undefined) return unableFailure(none);
  const wrong = wrongValue(options, name);
  if (wrong !== undefined) return usageFailure(wrong);
  const { quiet } = options;
  return { ok: true, value: { ...place, timeout: durationOf(options), ...(quiet && { isQuiet: quiet }) } };
}

/** For a command that no file can serve. */
function socketOf(options: Options): { readonly control: string } | undefined {
  const control = given(options.control);
  return control === undefined ? undefined : { control };
}

function durationOf({ timeout }: Options): Duration | undefined {
  return timeout && duration(timeout.text);
}
