import { restart } from '../commands/restart.js';
import { stop } from '../commands/stop.js';
import { byteString } from '../system/bytes.js';
import { readable } from './readable.js';

/**
 * Has the start_server of these files replace its worker, and waits until one new generation is the only one left, as
 * `start_server --restart` does. It may be anybody's: the command's, the library's, or Perl's. Rejects with a
 * StarterError when there is none, or when it ends meanwhile.
 */
export async function restartServer(options: { readonly pidFile: string; readonly statusFile: string }): Promise<void> {
  await readable(restart(byteString(options.pidFile), byteString(options.statusFile)));
}

/**
 * Ends the start_server of this file, and waits until it is gone, as `start_server --stop` does. Rejects with a
 * StarterError when there is none.
 */
export async function stopServer(options: { readonly pidFile: string }): Promise<void> {
  await readable(stop(byteString(options.pidFile), () => undefined));
}
