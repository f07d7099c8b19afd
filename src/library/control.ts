import { restart } from '../commands/restart.js';
import { stop } from '../commands/stop.js';
import { targetOf, type Reach } from '../core/command-line/control-command.js';
import { byteString } from '../system/engine/bytes.js';
import { readable } from './readable.js';

export interface RestartTarget extends StopTarget {
  readonly statusFile?: string;
}

/** Where a running start_server is found: at its control socket or, where it has none, by its files. */
export interface StopTarget {
  readonly control?: string;
  readonly pidFile?: string;
  /** The longest time to wait, in seconds. */
  readonly timeout?: number;
}

/**
 * Has the start_server of this control socket, or of these two files, replace its worker, and waits until it has, as
 * `start_server --restart` does. It may be that of the command, of the library, or Perl's. Rejects with a StarterError when
 * there is none, when it gives up or ends meanwhile, or when the time is over.
 */
export async function restartServer(target: RestartTarget): Promise<void> {
  const { pidFile, statusFile } = given(target);
  const isFound = pidFile !== undefined && statusFile !== undefined;
  const files = isFound ? { pidFile: byteString(pidFile), statusFile: byteString(statusFile) } : undefined;
  await readable(restart(reach('control, or pidFile and statusFile', target, files), () => undefined));
}

/**
 * Ends the start_server of this control socket, or of this file, and waits until it is gone, as `start_server --stop` does.
 * Rejects with a StarterError when there is none, or when the time is over.
 */
export async function stopServer(target: StopTarget): Promise<void> {
  const { pidFile } = given(target);
  const files = pidFile === undefined ? undefined : { pidFile: byteString(pidFile) };
  await readable(stop(reach('control or pidFile', target, files), () => undefined));
}

/** A missing target is an empty one, of which `reach` says what is missing. */
function given<Target>(target: Target | undefined): Partial<Target> {
  return target ?? {};
}

/** Throws TypeError where nothing says where it is. */
function reach<Files>(wanted: string, target: StopTarget, files: Files | undefined): Reach<Files> {
  const { control, timeout } = given(target);
  const place = targetOf(control === undefined ? undefined : byteString(control), files);
  if (place === undefined) throw new TypeError(`nothing says where it is; give ${wanted}`);
  return { ...place, timeout: timeout === undefined ? undefined : { text: String(timeout), seconds: timeout } };
}
