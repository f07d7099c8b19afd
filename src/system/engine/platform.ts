/** What depends on the system we run on. */
import { constants } from 'node:os';
import packageJson from '../../../package.json' with { type: 'json' };

const isMac = process.platform === 'darwin';

/** Whether processes of this machine may see others, or themselves, under other pids. */
export const hasPidNamespaces = process.platform === 'linux';

/** The version of this package. */
export const { version } = packageJson;

/** The signals of this system by name (`SIGTERM`), and the highest number there is. */
export const signals = { names: constants.signals, highest: isMac ? 31 : 64 } as const;

/** What a command line may ask of this system: its signals, and how long a path may be to fit into sun_path. */
export const commandSystem = { ...signals, longestSocketPath: isMac ? 104 : 108 } as const;

/** Linux's SOMAXCONN, which the original asks for; the kernel lowers it to its own limit. */
export const defaultBacklog = 4096;

export const addressInUse = constants.errno.EADDRINUSE;
export const permissionDenied = constants.errno.EACCES;
export const brokenPipe = constants.errno.EPIPE;

/** POSIXLY_CORRECT counts as set also when it is empty. */
export const isPosixlyCorrect = 'POSIXLY_CORRECT' in process.env;
