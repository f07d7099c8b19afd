/** Programs that do nothing: no start_server of the same kind can be faster than they are. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { milliseconds } from './compare.mjs';
import { program } from './programs.mjs';
import { quiet } from './quiet.mjs';
import { signalled, timed } from './running.mjs';

/** Whole lives, from exec to exit. */
export const node = { id: 'node', name: 'bare node, empty script', floor: () => life(['node', '-e', '0']) };
export const sleep = { id: 'sleep', name: 'bare sleep', floor: () => life(['sleep', '0']) };

/** For what a start_server does while it runs: one in C that does nothing else. */
export const starter = { id: 'floor', name: 'C program, nothing else', command: [program('starter')], commands: [] };

/** From TERM to the exit. */
export const handler = { id: 'node', name: 'bare node, ends itself at TERM', floor: endOfHandler };

async function life(command) {
  return milliseconds((await timed(command)).nanoseconds);
}

async function endOfHandler() {
  const program = 'process.on("SIGTERM", () => process.reallyExit(0)); setInterval(() => {}, 1e9); console.log()';
  const child = spawn('node', ['-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH },
  });
  const gone = once(child, 'exit');
  await once(child.stdout, 'data');
  await quiet();
  const nanoseconds = await signalled(child.pid, 15);
  await gone;
  return milliseconds(nanoseconds);
}
