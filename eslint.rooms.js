/**
 * Layers from the bottom to the top, and the rooms of each in the same order. A room imports its own files and those of
 * `imports`: rooms of its own layer that come before it, layers below it, or whatever else is named there.
 */
const layers = [
  {
    name: 'core',
    is: 'decisions and formats, pure: no `node:*`, no clock, no process',
    because: 'core is pure: it imports only core, and a room of it only what it stands on',
    denied: { globals: ['process', 'Buffer'], properties: [['Math', 'random']], syntax: ['ImportExpression'] },
    rooms: [
      { name: 'core/text', is: 'sentences for people: failures, hints, quoting, exit codes', imports: [] },
      {
        name: 'core/loop',
        is: 'the decision and what it rests on: state, events, actions, log lines',
        imports: ['core/text'],
      },
      {
        name: 'core/workers',
        is: 'what a worker is given, and who is a worker',
        imports: ['core/text', 'core/loop'],
      },
      {
        name: 'core/command-line',
        is: 'the option table, and what is made of arguments',
        imports: ['core/text', 'core/loop', 'core/workers'],
      },
      {
        name: 'core/report',
        is: 'what is told to others: control protocol, status, last words',
        imports: ['core/text', 'core/loop', 'core/command-line'],
      },
      {
        name: 'core/manager',
        is: 'what is told to systemd, and which of its sockets are meant',
        imports: ['core/text', 'core/loop', 'core/workers', 'core/command-line', 'core/report'],
      },
      {
        name: 'core/handover',
        is: 'what one image of a superdaemon leaves to the next',
        imports: ['core/text', 'core/loop', 'core/report'],
      },
    ],
  },
  {
    name: 'system',
    is: 'the only code that touches the operating system; of core it sees types only',
    because: "system imports core's types, node:* and, of itself, what a room stands on",
    imports: ['node:*', 'types of core'],
    rooms: [
      { name: 'system/engine', is: 'the addon, node and V8, bytes, errno', imports: ['package.json'] },
      { name: 'system/processes', is: 'children, other processes, what was inherited', imports: ['system/engine'] },
      {
        name: 'system/files',
        is: 'pid file, status file, envdir, locks, safe opening',
        imports: ['system/engine', 'system/processes'],
      },
      {
        name: 'system/output',
        is: 'what is written: log file, logger, terminal',
        imports: ['system/engine', 'system/processes', 'system/files'],
      },
      {
        name: 'system/sockets',
        is: 'listeners, and whose sockets are whose',
        imports: ['system/engine', 'system/processes', 'system/files'],
      },
      {
        name: 'system/manager',
        is: 'messages to systemd, and the descriptors that it hands down',
        imports: ['system/engine', 'system/processes', 'system/sockets'],
      },
      {
        name: 'system/takeover',
        is: 'sockets of other processes that are taken over, and their files',
        imports: ['system/engine', 'system/processes', 'system/sockets'],
      },
      {
        name: 'system/control',
        is: 'the two ends of the control socket',
        imports: ['system/engine', 'system/sockets'],
      },
      {
        name: 'system/readiness',
        is: 'how workers tell that they are ready',
        imports: ['system/engine', 'system/processes', 'system/files', 'system/sockets'],
      },
      {
        name: 'system/loop',
        is: 'clock, timers, and what happens next',
        imports: ['system/engine', 'system/processes', 'system/readiness'],
      },
      {
        name: 'system/handover',
        is: 'becoming another image of this program, and the sleeper',
        imports: ['system/engine', 'system/processes', 'system/files'],
      },
      { name: 'system/signals', is: 'signals of this process', imports: ['system/engine', 'system/loop'] },
    ],
  },
  {
    name: 'service',
    is: 'one running service: its program, log, files and sockets, and the loop over them',
    because: 'the service imports core and system, and leaves node:* to system',
    imports: ['core', 'system'],
  },
  {
    name: 'commands',
    is: 'what an operator types, and how a command finds a superdaemon and talks to it',
    because: 'commands import service, core and system, and leave node:* to system',
    imports: ['core', 'system', 'service'],
  },
  {
    name: 'library',
    is: 'the superdaemon inside another program',
    because: 'the library imports commands, service, core and system, and leaves node:* but events to system',
    imports: ['core', 'system', 'service', 'commands', 'node:events', 'node:worker_threads'],
  },
  {
    name: 'worker',
    is: '`superdaemon/worker`, for Node.js programs under start_server',
    because: 'worker imports its own folder, core and node:*',
    imports: ['core', 'node:*'],
  },
  {
    name: 'cli.ts',
    is: 'arguments in, exit code out; the only place that ends the process',
    because: 'the top leaves node:* to system',
    imports: ['core', 'system', 'service', 'commands'],
  },
  {
    name: 'index.ts',
    is: "what `import 'superdaemon'` gives",
    because: 'the top leaves node:* to system',
    imports: ['core', 'library', 'worker'],
  },
  {
    name: 'loader',
    is: 'evaluates the bundled command, and compiles it at the installation',
    because: 'the loader knows nothing of the program but how it is called',
    imports: [
      ...['node:fs', 'node:os', 'node:path', 'node:vm', 'node:child_process', 'types of cli.ts'],
      ...['system/engine/held-files.ts', 'system/engine/package-root.ts'],
    ],
  },
];

/** Every room, and every layer without rooms, with all that its files may import. */
export const rooms = layers.flatMap((layer) =>
  (layer.rooms ?? [layer]).map((room) => ({
    ...layer,
    ...room,
    layer: layer.name,
    files: [`src/${room.name}${room.name.endsWith('.ts') ? '' : '/**/*.ts'}`],
    imports: [...(layer.rooms && layer.imports ? layer.imports : []), ...room.imports],
  })),
);
