/**
 * Compiles the command, at its installation: the command is used once for a start, a restart, an end, and the commands
 * for a running superdaemon, and what V8 has compiled for these is kept. To compile everything would give twice as much,
 * which is hardly ever used, and take 0.7 MB of memory in every superdaemon.
 */
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeIn } from './place.js';
import { evaluate, keepCompiled, readScript, type Command } from './command-script.js';

const place = placeIn(import.meta.dirname);

/** A worker that asks for a restart if it is the first one, and for the end if it is the second. */
const worker = `case $SERVER_STARTER_GENERATION in
  1) kill -HUP ${String(process.pid)} ;;
  *) kill -TERM ${String(process.pid)} ;;
esac
exec sleep 5`;

async function compile(): Promise<void> {
  const script = readScript(place);
  const directory = mkdtempSync(join(tmpdir(), 'superdaemon-'));
  try {
    await rehearse(evaluate(script, place, require), directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
  keepCompiled(script, place);
  // At once: a late signal would be told to JavaScript that cannot be run any more, while node takes itself down.
  process.exit();
}

async function rehearse({ main, takeUp }: Command, directory: string): Promise<void> {
  const [pidFile, statusFile] = [`--pid-file=${directory}/pid`, `--status-file=${directory}/status`];
  const sockets = [`--path=${directory}/socket`, '--port=127.0.0.1:0'];
  const code = await main(['--interval=0', pidFile, statusFile, ...sockets, '--', '/bin/sh', '-c', worker]);
  if (code !== 0) throw new Error(`the rehearsal ended with ${String(code)}`);
  const document = join(directory, 'document');
  writeFileSync(document, JSON.stringify(handedOver(['--interval=0', statusFile, '--', '/bin/sh', '-c', worker])));
  await takeUp(openSync(document, 'r'));
  // They find no superdaemon, but by the time they say so most of their code has been compiled.
  for (const command of ['--restart', '--stop']) {
    await main([command, `--pid-file=${import.meta.filename}`, statusFile]).catch(() => undefined);
  }
}

/** A run that another image has left before its first worker. */
function handedOver(words: readonly string[]): object {
  const state = { generation: 0, old: [], ending: [], lastRestart: 0, restartQueued: false, failures: 0 };
  const environment = Object.entries(process.env).map(([name, value]) => `${name}=${value ?? ''}`);
  return {
    version: 1,
    writer: { superdaemon: '', node: '' },
    command: { calledAs: '', words, posixlyCorrect: false },
    inheritance: { environment, softLimits: {}, ignoredSignals: [], blockedSignals: [], descriptors: [0, 1, 2] },
    isDaemon: false,
    state: { ...state, phase: { name: 'waiting', retiring: false, until: 0 } },
    listeners: [],
    statusFile: { written: false },
    output: { isRedirected: false, waiting: [], dropped: 0 },
    environment: { envdir: [] },
    workerOutput: { marks: [], ours: [] },
    heard: [],
    failures: {},
  };
}

void compile();
