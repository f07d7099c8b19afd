/** `superdaemon/worker`, for programs that run under start_server. It loads no native code. */
export type { RefusalCode } from '../core/workers/server-ports.js';
export type { AnyServer } from './ending.js';
export { listen } from './listen.js';
export { ListenError } from './listen-error.js';
export type { ListenOptions } from './options.js';
export { ready } from './ready.js';
export { serverPorts } from './server-ports.js';
export type { Listening } from './listening-server.js';
