/** Who may import whom and who may touch what, each rule shown a file that breaks it and one that may do the same. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import t from 'tap';
import tseslint from 'typescript-eslint';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const core = 'core is pure: it imports only core, and a room of it only what it stands on';
const system = "system imports core's types, node:* and, of itself, what a room stands on";
const service = 'the service imports core and system, and leaves node:* to system';
const commands = 'commands import service, core and system, and leave node:* to system';
const worker = 'worker imports its own folder, core and node:*';
const embedded = 'the library imports commands, service, core and system, and leaves node:* but events to system';
const top = 'the top leaves node:* to system';
const loader = 'the loader knows nothing of the program but how it is called';
const binary = 'only system/engine/addon.ts loads the binary';
const scripts = 'only the loader evaluates a script, and hands require to it';
const writes = 'only system/output/stdio.ts writes to descriptors 1 and 2, and only the keepers of a file to their own';
const handlers = 'only system/signals/signal-handlers.ts handles signals and the exit';
const clocks = 'only system/loop/clock.ts reads clocks';
const kills = 'only system/processes/process.ts sends signals';
const timers = 'only system/loop/inbox.ts and what waits for another process set timers';
const netTypes = 'it changes descriptors that workers share, or costs start-up time; only types of it are needed here';
const netLater = 'only the two sides of the control socket load node:net, and only when there is one';
const threads = 'only library/main-thread.ts asks for threads';
const end = 'only cli.ts ends the process';
const library = 'it changes descriptors that workers share, or costs start-up time; only the worker library needs it';
const installation = 'it costs start-up time, and a superdaemon starts processes by the addon';
const nobody = 'it changes descriptors that workers share, or costs start-up time; nobody needs it';

/** A file that does not exist, what it says, and the reason why that is refused (or nothing). */
const cases: [file: string, text: string, refused?: string][] = [
  ['core/loop/x.ts', "import './types.js'; import '../text/quoted.js';"],
  ['core/loop/x.ts', "import 'node:path';", core],
  ['core/loop/x.ts', "import type { Stats } from 'node:fs';", core],
  ['core/loop/x.ts', "import '../../system/engine/addon.js';", core],
  ['core/loop/x.ts', "import '../report/status-format.js';", core],
  ['core/loop/x.ts', "export * from '../../service/superdaemon.js';", core],
  ['core/loop/x.ts', "import 'node-gyp-build';", core],
  ['core/loop/x.ts', "await import('./types.js');", core],
  ['core/loop/x.ts', 'process.pid;', core],
  ['core/loop/x.ts', "Buffer.from('a');", core],
  ['core/loop/x.ts', 'Math.random();', core],
  ['core/loop/x.ts', 'Date.now();', clocks],
  ['core/text/x.ts', "import '../loop/types.js';", core],
  ['core/report/x.ts', "import '../loop/types.js'; import '../text/quoted.js';"],
  ['core/command-line/x.ts', "import '../report/status-format.js';", core],

  ['system/files/x.ts', "import './draft.js'; import '../engine/addon.js'; import 'node:fs'; import 'node:dns';"],
  ['system/files/x.ts', "import type { Worker } from '../../core/loop/types.js';"],
  ['system/files/x.ts', "import { messages } from '../../core/loop/messages.js';", system],
  ['system/files/x.ts', "import '../output/output.js';", system],
  ['system/files/x.ts', "import '../../commands/start.js';", system],
  ['system/files/x.ts', "import '../../service/superdaemon.js';", system],
  ['system/files/x.ts', "import 'fs';", system],
  ['system/engine/x.ts', "import { version } from '../../../package.json';"],
  ['system/engine/x.ts', "import '../files/draft.js';", system],

  ['service/x.ts', "import './attempt.js'; import '../core/loop/step.js'; import '../system/loop/inbox.js';"],
  ['service/x.ts', "import '../commands/start.js';", service],
  ['service/x.ts', "import 'node:fs';", service],
  [
    'commands/x.ts',
    "import '../service/service.js'; import '../core/text/quoted.js'; import '../system/output/stdio.js';",
  ],
  ['commands/x.ts', "import 'node:fs';", commands],
  ['commands/x.ts', "import '../cli.js';", commands],
  ['commands/x.ts', "import '../library/server.js';", commands],
  [
    'library/x.ts',
    "import '../commands/stop.js'; import '../core/loop/types.js'; import { EventEmitter } from 'node:events';",
  ],
  ['library/x.ts', "import 'node:fs';", embedded],
  ['library/x.ts', "import '../worker/index.js';", embedded],
  ['library/main-thread.ts', "import { isMainThread } from 'node:worker_threads';"],
  ['library/x.ts', "import { isMainThread } from 'node:worker_threads';", threads],
  ['worker/x.ts', "import '../core/loop/types.js'; import { Server } from 'node:net'; setTimeout(f, 1);"],
  ['worker/x.ts', "import cluster from 'node:cluster'; import type { Socket } from 'node:dgram';"],
  ['worker/signals.ts', "process.on('SIGTERM', f); import 'node:net'; setTimeout(f, 1);"],
  ['worker/x.ts', "process.on('SIGTERM', f);", handlers],
  ['worker/socket-kind.ts', "import { writeSync } from 'node:fs';"],
  ['worker/x.ts', "import { writeSync } from 'node:fs';", writes],
  ['worker/x.ts', "process.dlopen({ exports: {} }, 'x');", binary],
  ['worker/x.ts', 'process.exit();', end],
  ['worker/x.ts', "import 'node:child_process';", installation],
  ['worker/x.ts', "console.log('');", nobody],
  ['worker/x.ts', "import '../system/engine/addon.js';", worker],
  [
    'loader/x.ts',
    "import type * as cli from '../cli.js'; import { Script } from 'node:vm'; new Script('').a(require);",
  ],
  ['loader/x.ts', "import { main } from '../cli.js';", loader],
  ['loader/x.ts', "import '../system/engine/addon.js';", loader],
  ['loader/x.ts', "import 'node:net';", loader],
  ['cli.ts', "import './commands/start.js';"],
  ['cli.ts', "import 'node:fs';", top],
  ['index.ts', "import 'node:fs';", top],

  ['system/engine/addon.ts', "import { createRequire } from 'node:module'; process.dlopen({ exports: {} }, 'x');"],
  ['system/output/x.ts', "import { createRequire } from 'node:module';", binary],
  ['system/output/x.ts', "process.dlopen({ exports: {} }, 'x');", binary],
  ['commands/x.ts', "require('x');", scripts],
  ['system/output/x.ts', "import { Script } from 'node:vm';", scripts],

  ['system/output/stdio.ts', "import { writeSync } from 'node:fs'; writeSync(1, '');"],
  ['system/output/channel.ts', "import { writeSync } from 'node:fs';"],
  ['system/files/pid-file.ts', "import { writeSync } from 'node:fs';"],
  ['system/files/status-file.ts', "import { writeFileSync } from 'node:fs';"],
  ['system/output/x.ts', "import { writeSync } from 'node:fs';", writes],
  ['system/output/x.ts', "import fs from 'node:fs';", writes],
  ['system/output/x.ts', "import * as fs from 'node:fs';", writes],
  ['system/output/x.ts', "import { createWriteStream } from 'node:fs';", writes],

  ['system/loop/inbox.ts', 'setImmediate(f); setTimeout(f, 1);'],
  ['system/loop/inbox.ts', 'process.kill(1, 0);', kills],
  ['system/loop/inbox.ts', 'process.hrtime();', clocks],
  ['system/loop/clock.ts', 'process.hrtime();'],
  ['system/loop/inbox.ts', "process.on('SIGHUP', f);", handlers],
  ['system/signals/signal-handlers.ts', "process.on('SIGHUP', f);"],
  ['system/signals/signal-handlers.ts', 'performance.now();', clocks],
  ['system/output/x.ts', "process.on('SIGHUP', f);", handlers],
  ['service/superdaemon.ts', 'process.hrtime();', clocks],
  ['system/processes/process.ts', 'process.kill(1, 0); setTimeout(f, 1);'],
  ['system/processes/process.ts', "process.on('SIGHUP', f);", handlers],
  ['system/processes/process.ts', 'performance.now();', clocks],
  ['system/output/x.ts', 'const { kill } = process;', kills],
  ['service/superdaemon.ts', 'process.kill(1, 0);', kills],
  ['system/loop/time-limit.ts', 'setTimeout(f, 1);'],
  ['system/loop/time-limit.ts', 'process.kill(1, 0);', kills],
  ['system/control/control-peer.ts', "import type { Socket } from 'node:net'; clearTimeout(f);"],
  ['service/superdaemon.ts', 'setTimeout(f, 1);', timers],
  ['system/output/x.ts', "import { setTimeout } from 'node:timers/promises';", timers],

  ['cli.ts', 'process.exit(addon.exit(1));'],
  ['service/superdaemon.ts', 'process.exit(1);', end],
  ['service/superdaemon.ts', 'process.exitCode = 1;', end],
  ['commands/x.ts', 'addon.exit(1);', end],
  ['system/loop/inbox.ts', 'process.exit(1);', end],

  ['system/output/stdio.ts', "process.stdout.write('');", nobody],
  ['system/output/stdio.ts', "process.stderr.write('');", nobody],
  ['cli.ts', 'process.stdin;', nobody],
  ['cli.ts', "console.log('');", nobody],
  ['cli.ts', "globalThis.console.log('');", nobody],
  ['cli.ts', "process.emitWarning('');", nobody],
  ['system/output/x.ts', "import 'node:child_process';", installation],
  ['system/output/x.ts', "import { isIP } from 'node:net';", netTypes],
  ['cli.ts', "import cluster from 'node:cluster';", library],
  ['system/output/x.ts', "import process from 'node:process';", nobody],
  ['system/output/x.ts', "await import('node:dns');"],
  ['system/output/x.ts', "await import('node:net');", netLater],
  ['system/control/control-peer.ts', "await import('node:net');", netLater],
  ['system/control/control-server.ts', "import type * as Net from 'node:net'; await import('node:net');"],
  ['system/control/control-connection.ts', "await import('node:net');"],
  ['system/output/x.ts', "await import('./' + name);", nobody],
];

const eslint = new ESLint({ cwd: root, overrideConfig: tseslint.configs.disableTypeChecked });

for (const [file, text, refused] of cases) {
  t.test(`src/${file}: ${text}`, async (t) => {
    const said = (await eslint.lintText(`${text}\n`, { filePath: join(root, 'src', file) }))
      .flatMap(({ messages }) => messages)
      // No rule at all: the text could not be parsed.
      .filter(({ ruleId }) => ruleId === null || ruleId.includes('no-restricted'))
      .map(({ message }) => message);
    if (refused === undefined) t.same(said, []);
    else t.ok(said.join('\n').includes(refused), `refused, saying: ${said.join(' / ')}`);
  });
}
