import { isUdp, type AnyServer } from './ending.js';
import { refusingTo } from './listen-error.js';
import { open } from './open.js';
import { settingsOf, type ListenOptions } from './options.js';
import { placeFor } from './place.js';
import { ListeningServer, type Listening } from './listening-server.js';
import { isUnderStartServer } from './server-ports.js';
import { StreamEnding } from './stream-ending.js';
import { UdpEnding } from './udp-ending.js';
import { coldServer, warmUp } from './warm-up.js';

/**
 * Makes a server of node:net, http, https, http2 or tls, or a socket of node:dgram, listen on a socket of start_server,
 * and end gracefully when start_server says so. Outside start_server it listens where the options say.
 *
 * `key` names the socket as `--port` or `--path` does, without `u` and `=FD`: `8080` (a number will do),
 * `127.0.0.1:8080`, `/tmp/app.sock`. It may be left out where there is only one name. Where a TCP and a UDP socket share
 * it, each server gets the one that it can use.
 *
 * At the retire signal the server accepts no more. HTTP/1 answers close their connections, idle ones are closed after the
 * grace; HTTP/2 sessions get their GOAWAY; other connections are waited for. At the limit the rest is cut. Another signal
 * does not shorten this. The process ends when nothing else keeps it. Under start_server SIGINT and SIGTERM are retire
 * signals, too, and are handled until the process ends, so that none of them cuts short what comes after `closed`.
 * Outside, SIGINT cuts everything at once, and the handlers are removed when all servers are closed.
 *
 * Promises the address, and ways to wait for the end, once the server listens.
 *
 * @throws {ListenError} when there is no such socket, it is of another kind, or an option is wrong (see its `code`); what
 *   Node.js says, when it cannot listen.
 */
export function listen(server: AnyServer, options?: ListenOptions): Promise<Listening>;
export function listen(
  server: AnyServer,
  key: string | number | undefined,
  options?: ListenOptions,
): Promise<Listening>;
export async function listen(
  server: AnyServer,
  keyOrOptions: string | number | ListenOptions | undefined,
  secondOptions: ListenOptions = {},
): Promise<Listening> {
  const [key, options] =
    typeof keyOrOptions === 'object' ? [undefined, keyOrOptions] : [keyOrOptions?.toString(), secondOptions];
  const { settings, place, cold } = refusingTo(listen, () => {
    const settings = settingsOf(options);
    const cold = coldServer(server, settings.warmUp);
    return { settings, place: placeFor(server, key, settings.fallback), cold };
  });
  if (cold !== undefined && isUnderStartServer()) await warmUp(cold, settings.warmUp);
  await open(server, place, settings.backlog);
  const ending = isUdp(server) ? new UdpEnding(server) : new StreamEnding(server, settings.grace);
  return new ListeningServer(server, ending, settings, 'key' in place ? place.key : 'path' in place ? place.path : '');
}
