/**
 * What only some files may do: everywhere else it is refused, for the reason that is given. A whole room is named by
 * its pattern. CONTRIBUTING.md shows it as a table.
 */
export const powers = [
  {
    held: ['src/system/engine/addon.ts'],
    is: 'loads the binary',
    because: 'only system/engine/addon.ts loads the binary',
    properties: [['process', 'dlopen']],
    imports: [{ name: 'node:module' }],
  },
  {
    held: ['src/loader/**/*.ts'],
    is: 'evaluates a script, and hands `require` to it',
    because: 'only the loader evaluates a script, and hands require to it',
    globals: ['require'],
    imports: [{ name: 'node:vm' }],
  },
  {
    held: [
      // An empty write, to learn of what kind a socket is.
      'src/worker/socket-kind.ts',
      // One line to a pipe of its own.
      'src/worker/ready.ts',
      'src/system/output/stdio.ts',
      'src/system/files/status-file.ts',
      'src/system/files/pid-file.ts',
      'src/system/files/replacement.ts',
      'src/system/output/channel.ts',
      'src/system/processes/daemon.ts',
      // One answer to the image that asks it.
      'src/system/handover/own-image.ts',
      // At the installation.
      'src/loader/command-script.ts',
      'src/loader/compile.ts',
    ],
    is: 'writes to a file, a pipe or a terminal',
    because: 'only system/output/stdio.ts writes to descriptors 1 and 2, and only the keepers of a file to their own',
    imports: [
      {
        name: 'node:fs',
        importNames: [
          ...['default', 'createWriteStream', 'promises', 'WriteStream'],
          ...['write', 'writev', 'writeFile', 'appendFile'].flatMap((name) => [name, `${name}Sync`]),
        ],
      },
    ],
  },
  {
    // The worker library runs in programs of others, not in the superdaemon.
    held: ['src/system/signals/signal-handlers.ts', 'src/worker/signals.ts'],
    is: 'has node handle signals and the exit',
    because: 'only system/signals/signal-handlers.ts handles signals and the exit',
    properties: [
      ...['on', 'once', 'off', 'addListener', 'prependListener', 'prependOnceListener', 'removeListener'],
      'removeAllListeners',
    ].map((name) => ['process', name]),
  },
  {
    held: ['src/system/loop/clock.ts'],
    is: 'reads clocks',
    because: 'only system/loop/clock.ts reads clocks',
    properties: ['hrtime', 'uptime', 'nextTick'].map((name) => ['process', name]),
    imports: [{ name: 'node:perf_hooks' }],
    globals: ['Date', 'performance'],
  },
  {
    held: ['src/system/processes/process.ts', 'src/worker/**/*.ts'],
    is: 'sends signals',
    because: 'only system/processes/process.ts sends signals',
    properties: [['process', 'kill']],
  },
  {
    held: [
      'src/system/loop/inbox.ts',
      'src/system/processes/process.ts',
      // Timers of commands, and of clients: an idle superdaemon has no timer.
      'src/system/loop/time-limit.ts',
      'src/system/control/control-peer.ts',
      'src/worker/**/*.ts',
    ],
    is: 'sets timers',
    because: 'only system/loop/inbox.ts and what waits for another process set timers',
    imports: ['timers', 'timers/promises'].map((name) => ({ name: `node:${name}` })),
    globals: ['Timeout', 'Interval', 'Immediate'].flatMap((t) => [`set${t}`, `clear${t}`]),
  },
  {
    held: ['src/library/main-thread.ts'],
    is: 'asks whether this is the main thread',
    because: 'only library/main-thread.ts asks for threads',
    imports: [{ name: 'node:worker_threads' }],
  },
  {
    // The rehearsal is a process of its own.
    held: ['src/cli.ts', 'src/loader/compile.ts'],
    is: 'ends the process',
    because: 'only cli.ts ends the process',
    properties: ['exit', 'exitCode', 'reallyExit', 'abort'].map((name) => ['process', name]),
    syntax: ['MemberExpression[property.name="exit"]'],
  },
  {
    // No worker is given the control socket. These load node:net only when there is one, since that costs 2 ms.
    held: ['src/system/control/control-server.ts', 'src/system/control/control-connection.ts'],
    is: 'loads `node:net` while it runs, when there is a control socket',
    because: 'only the two sides of the control socket load node:net, and only when there is one',
    syntax: ['ImportExpression[source.value="node:net"]'],
  },
  {
    held: [
      'src/system/control/control-server.ts',
      'src/system/control/control-connection.ts',
      'src/system/control/control-peer.ts',
      'src/system/control/socket-descriptor.ts',
      'src/worker/**/*.ts',
    ],
    is: 'imports `node:net`',
    because: 'it changes descriptors that workers share, or costs start-up time; only types of it are needed here',
    imports: [{ name: 'node:net' }],
  },
  {
    held: ['src/worker/**/*.ts'],
    is: 'imports `node:http`, `https`, `http2`, `dgram`, `cluster`',
    because: 'it changes descriptors that workers share, or costs start-up time; only the worker library needs it',
    imports: ['http', 'https', 'http2', 'dgram', 'cluster'].map((name) => ({ name: `node:${name}` })),
  },
  {
    // At the installation, in order to start itself again with the preloaded library.
    held: ['src/loader/compile.ts'],
    is: 'imports `node:child_process`',
    because: 'it costs start-up time, and a superdaemon starts processes by the addon',
    imports: [{ name: 'node:child_process' }],
  },
  {
    held: [],
    is: 'touches `process.stdout`, `stderr`, `stdin`, `emitWarning` or `console`, or loads `tls`, `tty` or `readline`',
    because: 'it changes descriptors that workers share, or costs start-up time; nobody needs it',
    properties: ['stdout', 'stderr', 'stdin', 'emitWarning', 'getBuiltinModule', 'binding'].map((name) => [
      'process',
      name,
    ]),
    globals: ['console', 'globalThis', 'global'],
    imports: ['tls', 'tty', 'readline', 'readline/promises', 'console', 'process', 'fs/promises'].map((name) => ({
      name: `node:${name}`,
    })),
    syntax: [
      'ImportExpression:not([source.value=/^node:/])',
      'ImportExpression[source.value=/^node:(child_process|tls|tty|http|cluster|worker|readline|console|process|module|fs)/]',
    ],
  },
];
