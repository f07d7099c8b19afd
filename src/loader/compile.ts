/**
 * Compiles the command, at its installation: the command is used once for a start, a restart, an end, an upgrade, and the
 * commands for a running superdaemon, and what V8 has compiled for these is kept. To compile everything would give twice as
 * much, which is hardly ever used, and take 0.7 MB of memory in every superdaemon.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isListable } from '../system/engine/held-files.js';
import { nativeFile } from '../system/engine/package-root.js';
import { placeIn } from './place.js';
import { evaluate, keepCompiled, readScript, type Command } from './command-script.js';

const place = placeIn(import.meta.dirname);
/** Only with it does a superdaemon try to become another image. Where LD_PRELOAD cannot name it, that is not rehearsed. */
const library = preloadable(nativeFile(import.meta.dirname, 'preload.so'));
const isPreloaded = library !== undefined && process.env['LD_PRELOAD'] === library;

/** The first worker sends one signal, the second one ends the run. */
const workerThatSends = (first: 'HUP' | 'USR2') => `case $SERVER_STARTER_GENERATION in
  1) kill -${first} ${String(process.pid)} ;;
  *) kill -TERM ${String(process.pid)} ;;
esac
exec sleep 5`;

const workerThatEndsAll = ['--', '/bin/sh', '-c', 'sleep 20; kill -TERM $PPID'];

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

async function rehearse({ main, takeUp, checkTakeUp }: Command, directory: string): Promise<void> {
  const [pidFile, statusFile] = [`--pid-file=${directory}/pid`, `--status-file=${directory}/status`];
  const sockets = [`--path=${directory}/socket`, '--port=127.0.0.1:0'];
  const worker = (first: 'HUP' | 'USR2') => ['--', '/bin/sh', '-c', workerThatSends(first)];
  const code = await main(['--interval=0', pidFile, statusFile, ...sockets, ...worker('HUP')]);
  if (code !== 0) throw new Error(`the rehearsal ended with ${String(code)}`);
  const words = ['--interval=0', statusFile, ...worker(isPreloaded ? 'USR2' : 'HUP')];
  const documentFor = (calledAs: string): number => {
    const path = join(directory, 'document');
    writeFileSync(path, JSON.stringify(handedOver(calledAs, words)));
    return openSync(path, 'r');
  };
  await takeUp(documentFor(imageThatIsNone(directory)));
  // It refuses to go on as another program than it is. The answer is shown with all that is said here.
  await attempt(() => checkTakeUp(documentFor(import.meta.filename), 1));
  startAside([pidFile, statusFile, `--log-file=${directory}/log`]);
  for (const command of ['--restart', '--stop'])
    await attempt(() => main([command, '--interval=0', '--timeout=5', pidFile, statusFile]));
}

/** A superdaemon in a process of its own, for the commands that are about one. Whatever they do, its worker ends it. */
function startAside(words: readonly string[]): void {
  const command = join(import.meta.dirname, '../bin/start_server');
  const env = { ...process.env, LD_PRELOAD: undefined, SUPERDAEMON_NODE: process.execPath };
  spawnSync(command, ['--daemonize', '--interval=0', ...words, ...workerThatEndsAll], { env });
}

function preloadable(file: string | undefined): string | undefined {
  return file !== undefined && isListable(file) ? file : undefined;
}

async function attempt(act: () => unknown): Promise<void> {
  try {
    await act();
  } catch {
    // It was to be tried only.
  }
}

/** A command that agrees to go on with a run, as a node that is not there. When that was tried, it asks for a restart. */
function imageThatIsNone(directory: string): string {
  const path = join(directory, 'image');
  const nobody = { superdaemon: '', node: '', file: join(directory, 'none'), name: 'none' };
  const answer = JSON.stringify({ ...nobody, preload: library, furtherPreloaded: '', withheld: [] });
  // It writes until nobody listens, since the answer was taken.
  const lines = ['#!/bin/sh', `printf %s '${answer}' >&4`, 'yes >&2', `kill -HUP ${String(process.pid)}`, ''];
  writeFileSync(path, lines.join('\n'), { mode: 0o700 });
  return path;
}

/** A run that another image has left before its first worker. */
function handedOver(calledAs: string, words: readonly string[]): object {
  const state = { generation: 0, old: [], ending: [], lastRestart: 0, restartQueued: false, failures: 0 };
  const environment = Object.entries(process.env).map(([name, value]) => `${name}=${value ?? ''}`);
  return {
    version: 1,
    writer: { superdaemon: '', node: '' },
    command: { calledAs, words, posixlyCorrect: false },
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

if (isPreloaded || library === undefined) void compile();
else
  process.exitCode =
    spawnSync(process.execPath, [import.meta.filename], {
      env: { ...process.env, LD_PRELOAD: library },
      stdio: 'inherit',
    }).status ?? 1;
