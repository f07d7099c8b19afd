import type { StartCommand } from '../core/command-line/command.js';
import { messages } from '../core/loop/messages.js';
import { openDirectoryAbove } from '../system/files/safe-open.js';

/**
 * A line for each directory in which other users may put something in place of the log, the pid file, the
 * status file or the control socket.
 * They are opened all the same, as in the original: such directories are common, and their owner may be trusted.
 */
export function exposedDirectories({ log, pidFile, statusFile, control }: StartCommand): string[] {
  const files: readonly (readonly [option: string, path: string | undefined])[] = [
    ['--log-file', log?.type === 'file' ? log.path : undefined],
    ['--pid-file', pidFile],
    ['--status-file', statusFile],
    ['--control', control],
  ];
  const found = new Map<string, string[]>();
  for (const [option, path] of files) {
    const directory = path === undefined ? undefined : openDirectoryAbove(path);
    if (directory !== undefined) found.set(directory, [...(found.get(directory) ?? []), option]);
  }
  return Array.from(found, ([directory, options]) => messages.openDirectory(directory, options));
}
