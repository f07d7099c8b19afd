/**
 * Who may import whom and who may touch what, as ESLint configuration; CONTRIBUTING.md tells the reasons.
 *
 * `layers` says what each folder of src may import. `powers` are things that exactly one module does: everywhere else
 * they are refused. test/packaging/layers.test.ts shows each rule a file that breaks it.
 */
import tseslint from 'typescript-eslint';

const layers = [
  {
    files: ['src/core/**/*.ts'],
    mayImport: String.raw`\./`,
    because: 'core is pure: it imports only core',
    denied: { globals: ['process', 'Buffer'], properties: [['Math', 'random']], syntax: ['ImportExpression'] },
  },
  {
    files: ['src/system/**/*.ts'],
    mayImport: String.raw`(\./|\.\./core/|node:|\.\./\.\./package\.json$)`,
    because: "system imports its own folder, core's types and node:*",
    typesOnly: String.raw`\.\./core/`,
  },
  {
    files: ['src/commands/**/*.ts'],
    mayImport: String.raw`(\./|\.\./(core|system)/|\.\./superdaemon\.js$)`,
    because: 'commands import the loop, core and system, and leave node:* to system',
  },
  {
    files: ['src/library/**/*.ts'],
    mayImport: String.raw`(\./|\.\./(core|system|commands)/|node:events$|node:worker_threads$)`,
    because: 'the library imports commands, core and system, and leaves node:* but events to system',
  },
  {
    files: ['src/superdaemon.ts'],
    mayImport: String.raw`\./(core|system)/`,
    because: 'the loop imports core and system',
  },
  {
    files: ['src/worker/**/*.ts'],
    mayImport: String.raw`(\./|\.\./core/|node:)`,
    because: 'worker imports its own folder, core and node:*',
  },
  {
    files: ['src/loader/**/*.ts'],
    mayImport: String.raw`(\./|\.\./cli\.js$|node:(fs|os|path|vm)$)`,
    because: 'the loader knows nothing of the program but how it is called',
    typesOnly: String.raw`\.\./cli\.js$`,
  },
  {
    files: ['src/cli.ts', 'src/index.ts'],
    mayImport: String.raw`\./`,
    because: 'the top leaves node:* to system',
  },
];

const powers = [
  {
    held: ['src/system/addon.ts'],
    because: 'only system/addon.ts loads the binary',
    properties: [['process', 'dlopen']],
    imports: [{ name: 'node:module' }],
  },
  {
    held: ['src/loader/**/*.ts'],
    because: 'only the loader evaluates a script, and hands require to it',
    globals: ['require'],
    imports: [{ name: 'node:vm' }],
  },
  {
    held: [
      // It writes nothing, to learn what a socket is.
      'src/worker/socket-kind.ts',
      // One line to its own pipe.
      'src/worker/ready.ts',
      'src/system/stdio.ts',
      'src/system/status-file.ts',
      'src/system/pid-file.ts',
      'src/system/replacement.ts',
      'src/system/channel.ts',
      'src/system/daemon.ts',
      // At the installation.
      'src/loader/command-script.ts',
    ],
    because: 'only system/stdio.ts writes to descriptors 1 and 2, and only the keepers of a file to their own',
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
    held: ['src/system/signal-handlers.ts', 'src/worker/signals.ts'],
    because: 'only system/signal-handlers.ts handles signals and the exit',
    properties: [
      ...['on', 'once', 'off', 'addListener', 'prependListener', 'prependOnceListener', 'removeListener'],
      'removeAllListeners',
    ].map((name) => ['process', name]),
  },
  {
    held: ['src/system/posix-kernel.ts'],
    because: 'only system/posix-kernel.ts reads clocks',
    properties: ['hrtime', 'uptime', 'nextTick'].map((name) => ['process', name]),
    imports: [{ name: 'node:perf_hooks' }],
    globals: ['Date', 'performance'],
  },
  {
    held: ['src/system/posix-kernel.ts', 'src/system/process.ts', 'src/worker/**/*.ts'],
    because: 'only system/posix-kernel.ts and system/process.ts send signals',
    properties: [['process', 'kill']],
  },
  {
    held: [
      'src/system/posix-kernel.ts',
      'src/system/process.ts',
      // Of commands, and of clients: an idle superdaemon has no timer.
      'src/system/time-limit.ts',
      'src/system/control-peer.ts',
      'src/worker/**/*.ts',
    ],
    because: 'only system/posix-kernel.ts and what waits for another process set timers',
    imports: ['timers', 'timers/promises'].map((name) => ({ name: `node:${name}` })),
    globals: ['Timeout', 'Interval', 'Immediate'].flatMap((t) => [`set${t}`, `clear${t}`]),
  },
  {
    held: ['src/library/main-thread.ts'],
    because: 'only library/main-thread.ts asks for threads',
    imports: [{ name: 'node:worker_threads' }],
  },
  {
    held: ['src/cli.ts'],
    because: 'only cli.ts ends the process',
    properties: ['exit', 'exitCode', 'reallyExit', 'abort'].map((name) => ['process', name]),
    syntax: ['MemberExpression[property.name="exit"]'],
  },
  {
    // The control socket is no worker's. They import it when there is one, for it costs 2 ms.
    held: ['src/system/control-server.ts', 'src/system/control-connection.ts'],
    because: 'only the two sides of the control socket load node:net, and only when there is one',
    syntax: ['ImportExpression[source.value="node:net"]'],
  },
  {
    held: [
      'src/system/control-server.ts',
      'src/system/control-connection.ts',
      'src/system/control-peer.ts',
      'src/worker/**/*.ts',
    ],
    because: 'it changes descriptors that workers share, or costs start-up time; only types of it are needed here',
    imports: [{ name: 'node:net' }],
  },
  {
    held: ['src/worker/**/*.ts'],
    because: 'it changes descriptors that workers share, or costs start-up time; only the worker library needs it',
    imports: ['http', 'https', 'http2', 'dgram', 'cluster'].map((name) => ({ name: `node:${name}` })),
  },
  {
    held: [],
    because: 'it changes descriptors that workers share, or costs start-up time; nobody needs it',
    properties: ['stdout', 'stderr', 'stdin', 'emitWarning', 'getBuiltinModule', 'binding'].map((name) => [
      'process',
      name,
    ]),
    globals: ['console', 'globalThis', 'global'],
    imports: [
      ...['child_process', 'tls', 'tty'],
      ...['readline', 'readline/promises', 'console', 'process', 'fs/promises'],
    ].map((name) => ({ name: `node:${name}` })),
    syntax: [
      'ImportExpression:not([source.value=/^node:/])',
      'ImportExpression[source.value=/^node:(child_process|tls|tty|http|cluster|worker|readline|console|process|module|fs)/]',
    ],
  },
];

/** The configuration of a folder, and after it that of the files in it that hold a power. */
export const layerRules = layers.flatMap((layer) => {
  const holders = powers.flatMap(({ held }) => held).filter((file) => isIn(layer, file) && !layer.files.includes(file));
  const grantedToAll = layer.files.flatMap(powersOf);
  return [
    rulesFor(layer, layer.files, grantedToAll),
    ...holders.map((file) => rulesFor(layer, [file], [...grantedToAll, ...powersOf(file)])),
  ];
});

function isIn({ files }, file) {
  return files.some((pattern) => pattern === file || file.startsWith(pattern.replace('**/*.ts', '')));
}

function powersOf(file) {
  return powers.filter(({ held }) => held.includes(file));
}

/** All restrictions in one piece, since ESLint's later configuration of a rule replaces the earlier one. */
function rulesFor(layer, files, granted) {
  const denials = [...powers.filter((power) => !granted.includes(power)), { because: layer.because, ...layer.denied }];
  const every = (kind, shape) =>
    denials.flatMap((denial) => (denial[kind] ?? []).map((item) => ({ ...shape(item), message: denial.because })));
  return {
    files,
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      'no-restricted-globals': ['error', ...every('globals', (name) => ({ name }))],
      'no-restricted-properties': ['error', ...every('properties', ([object, property]) => ({ object, property }))],
      'no-restricted-syntax': ['error', ...every('syntax', (selector) => ({ selector }))],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: every('imports', (path) => path), patterns: importPatterns(layer) },
      ],
    },
  };
}

function importPatterns({ mayImport, typesOnly, because }) {
  const foreign = { regex: `^(?!${mayImport})`, message: because };
  return typesOnly === undefined
    ? [foreign]
    : [foreign, { regex: `^${typesOnly}`, message: because, allowTypeImports: true }];
}
