/** The library: `import { startServer } from 'superdaemon'`. */
export { StarterError } from './core/text/starter-error.js';
export { restartServer, stopServer } from './library/control.js';
export type { ServerListener } from './library/listeners.js';
export type { ServerOptions } from './library/options.js';
export type { ReconfigureOptions } from './library/reconfigure.js';
export type { Server, ServerEvents, ServerWorker } from './library/server.js';
export type { StatusReport as ServerStatus } from './core/report/status-report.js';
export type { WorkerEnding } from './library/worker-ending.js';
export { startServer } from './library/start-server.js';
export { ListenError } from './worker/listen-error.js';
export { serverPorts } from './worker/server-ports.js';
