/** What a command line asks of a superdaemon that runs, and where that one is found. */
import { unableFailure, usageFailure } from './exit-codes.js';
import { failures } from './failures.js';
import type { Options } from './option-table.js';
import { isTrue } from './settings.js';
import type { Duration, Result } from './types.js';

export type ControlCommand =
  | ({ readonly type: 'restart' } & Reach<RestartFiles>)
  | ({ readonly type: 'stop' } & Reach<StopFiles>)
  | ({ readonly type: 'show status'; readonly json: boolean } & Reach<StatusFiles>);

/** Where a running superdaemon is found: at its control socket or, where there is none, by its files; one of them is given. */
export type Place<Files> =
  | { readonly control: string; readonly files: Files | undefined }
  | { readonly control: undefined; readonly files: Files };

export type Reach<Files> = Place<Files> & {
  /** How long to wait for it; undefined where that is for ever. */
  readonly timeout: Duration | undefined;
};

/** Undefined where neither is given. */
export function placeOf<Files>(control: string | undefined, files: Files | undefined): Place<Files> | undefined {
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

/** What is asked of one that runs, in the original's order; undefined where a server is to be started. */
export function controlCommand(options: Options): Result<ControlCommand> | undefined {
  if (options.restart) return restartCommand(options);
  if (options.stop) return stopCommand(options);
  return options.showStatus ? showStatusCommand(options) : undefined;
}

function restartCommand(options: Options): Result<ControlCommand> {
  const pidFile = given(options.pidFile);
  const statusFile = given(options.statusFile);
  const files = pidFile === undefined || statusFile === undefined ? undefined : { pidFile, statusFile };
  const reach = reachBy(options, files, failures.restartNeedsFiles());
  return reach.ok ? { ok: true, value: { type: 'restart', ...reach.value } } : reach;
}

function stopCommand(options: Options): Result<ControlCommand> {
  const pidFile = given(options.pidFile);
  const reach = reachBy(options, pidFile === undefined ? undefined : { pidFile }, failures.stopNeedsFile());
  return reach.ok ? { ok: true, value: { type: 'stop', ...reach.value } } : reach;
}

function showStatusCommand(options: Options): Result<ControlCommand> {
  const pidFile = given(options.pidFile);
  const files = pidFile === undefined ? undefined : { pidFile, statusFile: given(options.statusFile) };
  const reach = reachBy(options, files, failures.showStatusNeedsFile());
  if (!reach.ok) return reach;
  return { ok: true, value: { type: 'show status', json: options.json === true, ...reach.value } };
}

/** `neither` is what is said where both control socket and files are missing. */
function reachBy<Files>(options: Options, files: Files | undefined, neither: string): Result<Reach<Files>> {
  const place = placeOf(given(options.control), files);
  if (place === undefined) return unableFailure(neither);
  const { timeout } = options;
  if (timeout === undefined) return { ok: true, value: { ...place, timeout } };
  if (timeout.number < 1) return usageFailure(failures.tooLow('--timeout', timeout.text, 1));
  return { ok: true, value: { ...place, timeout: { text: timeout.text, seconds: timeout.number } } };
}

/** Nobody has these on an old command line, so nothing is lost by telling that they are of no use. */
export function misplaced({ json, timeout }: Options): string | undefined {
  if (json === true) return failures.onlyWith('--json', '--show-status');
  return timeout && failures.onlyWith('--timeout', '--restart, --stop or --show-status');
}

/** In the original a file called `0` or '' is no file, though `--log-file=0` satisfies --daemonize. */
export function given(text: string | undefined): string | undefined {
  return isTrue(text) ? text : undefined;
}
