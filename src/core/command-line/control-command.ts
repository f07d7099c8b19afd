/** What a command line asks of a superdaemon that runs, and where that one is found. */
import { unableFailure, usageFailure } from '../text/exit-codes.js';
import { failures } from '../text/failures.js';
import type { Options } from './option-table.js';
import { given } from './perl-truth.js';
import type { Duration, Result } from '../loop/types.js';
import { uselessOption, wrongValue } from './option-checks.js';

export type ControlCommand =
  | ({ readonly type: 'restart' } & Reach<RestartFiles>)
  | ({ readonly type: 'stop'; readonly force: boolean } & Reach<StopFiles>)
  | ({ readonly type: 'show status'; readonly format: StatusFormat } & Reach<StatusFiles>)
  | { readonly type: 'upgrade'; readonly control: string; readonly timeout: Duration | undefined }
  | { readonly type: 'follow'; readonly control: string; readonly json: boolean }
  | ReconfigureCommand;

/** Whether the rest of the command line is right, the superdaemon says, for which it is. */
export interface ReconfigureCommand {
  readonly type: 'reconfigure';
  readonly control: string;
  readonly timeout: Duration | undefined;
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

export type Reach<Files> = Target<Files> & {
  /** How long to wait for it; undefined where that is for ever. */
  readonly timeout: Duration | undefined;
};

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

export interface StatusFiles extends StopFiles {
  readonly statusFile: string | undefined;
}

/** What is asked of a running superdaemon, in the original's order; undefined where a server is to be started. */
export function controlCommand(options: Options): Result<ControlCommand> | undefined {
  const name = nameOf(options);
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
    case 'follow':
      return followCommand(options);
  }
}

function nameOf({
  restart,
  stop,
  reconfigure,
  showStatus,
  upgrade,
  follow,
}: Options): ControlCommand['type'] | undefined {
  if (restart) return 'restart';
  if (stop) return 'stop';
  if (reconfigure) return 'reconfigure';
  if (showStatus) return 'show status';
  if (upgrade) return 'upgrade';
  return follow ? 'follow' : undefined;
}

function restartCommand(options: Options): Result<ControlCommand> {
  const pidFile = given(options.pidFile);
  const statusFile = given(options.statusFile);
  const files = pidFile === undefined || statusFile === undefined ? undefined : { pidFile, statusFile };
  const reach = reachBy('restart', options, files, failures.restartNeedsFiles());
  return reach.ok ? { ok: true, value: { type: 'restart', ...reach.value } } : reach;
}

function stopCommand(options: Options): Result<ControlCommand> {
  const pidFile = given(options.pidFile);
  const reach = reachBy('stop', options, pidFile === undefined ? undefined : { pidFile }, failures.stopNeedsFile());
  return reach.ok ? { ok: true, value: { type: 'stop', force: options.force === true, ...reach.value } } : reach;
}

function showStatusCommand(options: Options): Result<ControlCommand> {
  const pidFile = given(options.pidFile);
  const files = pidFile === undefined ? undefined : { pidFile, statusFile: given(options.statusFile) };
  const reach = reachBy('show status', options, files, failures.showStatusNeedsFile());
  if (!reach.ok) return reach;
  const format = formatOf(options);
  if (format === undefined) return usageFailure(failures.onlyWith('--prometheus', '--show-status without --json'));
  return { ok: true, value: { type: 'show status', format, ...reach.value } };
}

function reconfigureCommand(options: Options): Result<ControlCommand> {
  const control = given(options.control);
  if (control === undefined) return unableFailure(failures.reconfigureNeedsControl());
  const wrong = wrongValue(options, 'reconfigure');
  if (wrong !== undefined) return usageFailure(wrong);
  return {
    ok: true,
    value: { type: 'reconfigure', control, timeout: durationOf(options), check: options.check === true },
  };
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
  const control = given(options.control);
  if (control === undefined) return unableFailure(failures.upgradeNeedsControl());
  const wrong = wrongValue(options, 'upgrade');
  if (wrong !== undefined) return usageFailure(wrong);
  return { ok: true, value: { type: 'upgrade', control, timeout: durationOf(options) } };
}

/** Needs the control socket: files tell what is so, not what happens. */
function followCommand(options: Options): Result<ControlCommand> {
  const control = given(options.control);
  if (control === undefined) return unableFailure(failures.followNeedsControl());
  return { ok: true, value: { type: 'follow', control, json: options.json === true } };
}

/** `neither` is what is said where both control socket and files are missing. */
function reachBy<Files>(
  name: ControlCommand['type'],
  options: Options,
  files: Files | undefined,
  neither: string,
): Result<Reach<Files>> {
  const place = targetOf(given(options.control), files);
  if (place === undefined) return unableFailure(neither);
  const wrong = wrongValue(options, name);
  if (wrong !== undefined) return usageFailure(wrong);
  return { ok: true, value: { ...place, timeout: durationOf(options) } };
}

function durationOf({ timeout }: Options): Duration | undefined {
  return timeout && { text: timeout.text, seconds: timeout.number };
}
