/** Who may import whom and who may touch what, each rule shown a file that breaks it and one that may do the same. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import t from 'tap';
import tseslint from 'typescript-eslint';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const core = 'core is pure: it imports only core';
const system = "system imports its own folder, core's types and node:*";
const commands = 'commands import the loop, core and system, and leave node:* to system';
const loop = 'the loop imports core and system';
const worker = 'worker imports its own folder, core and node:*';
const embedded = 'the library imports commands, core and system, and leaves node:* but events to system';
const top = 'the top leaves node:* to system';
const loader = 'the loader knows nothing of the program but how it is called';
const binary = 'only system/addon.ts loads the binary';
const scripts = 'only the loader evaluates a script, and hands require to it';
const writes = 'only system/stdio.ts writes to descriptors 1 and 2, and only the keepers of a file to their own';
const handlers = 'only system/signal-handlers.ts handles signals and the exit';
const clocks = 'only system/posix-kernel.ts reads clocks';
const kills = 'only system/posix-kernel.ts and system/process.ts send signals';
const timers = 'only system/posix-kernel.ts and what waits for another process set timers';
const netTypes = 'it changes descriptors that workers share, or costs start-up time; only types of it are needed here';
const netLater = 'only the two sides of the control socket load node:net, and only when there is one';
const threads = 'only library/main-thread.ts asks for threads';
const end = 'only cli.ts ends the process';
const library = 'it changes descriptors that workers share, or costs start-up time; only the worker library needs it';
const nobody = 'it changes descriptors that workers share, or costs start-up time; nobody needs it';

/** A file that does not exist, what it says, and the reason why that is refused (or nothing). */
const cases: [file: string, text: string, refused?: string][] = [
  ['core/x.ts', "import './types.js';"],
  ['core/x.ts', "import 'node:path';", core],
  ['core/x.ts', "import type { Stats } from 'node:fs';", core],
  ['core/x.ts', "import '../system/addon.js';", core],
  ['core/x.ts', "export * from '../superdaemon.js';", core],
  ['core/x.ts', "import 'node-gyp-build';", core],
  ['core/x.ts', "await import('./types.js');", core],
  ['core/x.ts', 'process.pid;', core],
  ['core/x.ts', "Buffer.from('a');", core],
  ['core/x.ts', 'Math.random();', core],
  ['core/x.ts', 'Date.now();', clocks],

  ['system/x.ts', "import './addon.js'; import 'node:fs'; import 'node:dns';"],
  ['system/x.ts', "import type { Worker } from '../core/types.js';"],
  ['system/x.ts', "import { messages } from '../core/messages.js';", system],
  ['system/x.ts', "import '../commands/start.js';", system],
  ['system/x.ts', "import '../superdaemon.js';", system],
  ['system/x.ts', "import 'fs';", system],

  ['commands/x.ts', "import '../superdaemon.js'; import '../core/help.js'; import '../system/stdio.js';"],
  ['commands/x.ts', "import 'node:fs';", commands],
  ['commands/x.ts', "import '../cli.js';", commands],
  ['superdaemon.ts', "import './core/step.js'; import './system/kernel.js';"],
  ['superdaemon.ts', "import './commands/start.js';", loop],
  ['superdaemon.ts', "import 'node:fs';", loop],
  [
    'library/x.ts',
    "import '../commands/stop.js'; import '../core/types.js'; import { EventEmitter } from 'node:events';",
  ],
  ['library/x.ts', "import 'node:fs';", embedded],
  ['library/x.ts', "import '../superdaemon.js';", embedded],
  ['library/main-thread.ts', "import { isMainThread } from 'node:worker_threads';"],
  ['library/x.ts', "import { isMainThread } from 'node:worker_threads';", threads],
  ['worker/x.ts', "import '../core/types.js'; import { Server } from 'node:net'; setTimeout(f, 1);"],
  ['worker/x.ts', "import cluster from 'node:cluster'; import type { Socket } from 'node:dgram';"],
  ['worker/signals.ts', "process.on('SIGTERM', f); import 'node:net'; setTimeout(f, 1);"],
  ['worker/x.ts', "process.on('SIGTERM', f);", handlers],
  ['worker/socket-kind.ts', "import { writeSync } from 'node:fs';"],
  ['worker/x.ts', "import { writeSync } from 'node:fs';", writes],
  ['worker/x.ts', "process.dlopen({ exports: {} }, 'x');", binary],
  ['worker/x.ts', 'process.exit();', end],
  ['worker/x.ts', "import 'node:child_process';", nobody],
  ['worker/x.ts', "console.log('');", nobody],
  ['worker/x.ts', "import '../system/addon.js';", worker],
  [
    'loader/x.ts',
    "import type * as cli from '../cli.js'; import { Script } from 'node:vm'; new Script('').a(require);",
  ],
  ['loader/x.ts', "import { main } from '../cli.js';", loader],
  ['loader/x.ts', "import '../system/addon.js';", loader],
  ['loader/x.ts', "import 'node:net';", loader],
  ['cli.ts', "import './commands/start.js';"],
  ['cli.ts', "import 'node:fs';", top],
  ['index.ts', "import 'node:fs';", top],

  ['system/addon.ts', "import { createRequire } from 'node:module'; process.dlopen({ exports: {} }, 'x');"],
  ['system/x.ts', "import { createRequire } from 'node:module';", binary],
  ['system/x.ts', "process.dlopen({ exports: {} }, 'x');", binary],
  ['commands/x.ts', "require('x');", scripts],
  ['system/x.ts', "import { Script } from 'node:vm';", scripts],

  ['system/stdio.ts', "import { writeSync } from 'node:fs'; writeSync(1, '');"],
  ['system/channel.ts', "import { writeSync } from 'node:fs';"],
  ['system/pid-file.ts', "import { writeSync } from 'node:fs';"],
  ['system/status-file.ts', "import { writeFileSync } from 'node:fs';"],
  ['system/x.ts', "import { writeSync } from 'node:fs';", writes],
  ['system/x.ts', "import fs from 'node:fs';", writes],
  ['system/x.ts', "import * as fs from 'node:fs';", writes],
  ['system/x.ts', "import { createWriteStream } from 'node:fs';", writes],

  ['system/posix-kernel.ts', 'setImmediate(f); process.kill(1, 0); process.hrtime();'],
  ['system/posix-kernel.ts', "process.on('SIGHUP', f);", handlers],
  ['system/signal-handlers.ts', "process.on('SIGHUP', f);"],
  ['system/signal-handlers.ts', 'performance.now();', clocks],
  ['system/x.ts', "process.on('SIGHUP', f);", handlers],
  ['superdaemon.ts', 'process.hrtime();', clocks],
  ['system/process.ts', 'process.kill(1, 0); setTimeout(f, 1);'],
  ['system/process.ts', "process.on('SIGHUP', f);", handlers],
  ['system/process.ts', 'performance.now();', clocks],
  ['system/x.ts', 'const { kill } = process;', kills],
  ['superdaemon.ts', 'process.kill(1, 0);', kills],
  ['system/time-limit.ts', 'setTimeout(f, 1);'],
  ['system/time-limit.ts', 'process.kill(1, 0);', kills],
  ['system/control-peer.ts', "import type { Socket } from 'node:net'; clearTimeout(f);"],
  ['superdaemon.ts', 'setTimeout(f, 1);', timers],
  ['system/x.ts', "import { setTimeout } from 'node:timers/promises';", timers],

  ['cli.ts', 'process.exit(addon.exit(1));'],
  ['superdaemon.ts', 'process.exit(1);', end],
  ['superdaemon.ts', 'process.exitCode = 1;', end],
  ['commands/x.ts', 'addon.exit(1);', end],
  ['system/posix-kernel.ts', 'process.exit(1);', end],

  ['system/stdio.ts', "process.stdout.write('');", nobody],
  ['system/stdio.ts', "process.stderr.write('');", nobody],
  ['cli.ts', 'process.stdin;', nobody],
  ['cli.ts', "console.log('');", nobody],
  ['cli.ts', "globalThis.console.log('');", nobody],
  ['cli.ts', "process.emitWarning('');", nobody],
  ['system/x.ts', "import 'node:child_process';", nobody],
  ['system/x.ts', "import { isIP } from 'node:net';", netTypes],
  ['cli.ts', "import cluster from 'node:cluster';", library],
  ['system/x.ts', "import process from 'node:process';", nobody],
  ['system/x.ts', "await import('node:dns');"],
  ['system/x.ts', "await import('node:net');", netLater],
  ['system/control-peer.ts', "await import('node:net');", netLater],
  ['system/control-server.ts', "import type * as Net from 'node:net'; await import('node:net');"],
  ['system/control-connection.ts', "await import('node:net');"],
  ['system/x.ts', "await import('./' + name);", nobody],
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
