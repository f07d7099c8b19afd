import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ours } from '../running/starter.js';

/** Puts what an installed package needs to run into a directory, before anything is compiled ahead. */
export function copyPackage(directory: string): void {
  const root = dirname(dirname(ours.command));
  const scripts = ['start_server.cjs', 'command.js', 'compile.cjs'].map((name) => `dist/${name}`);
  const built = ['superdaemon.node', 'preload.so', 'sleeper'].map((name) => `build/Release/${name}`);
  for (const file of ['bin/start_server', 'bin/package.json', 'package.json', ...built, ...scripts]) {
    if (!existsSync(join(root, file))) continue; // there is no sleeper but on Linux
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(root, file), join(directory, file));
  }
}
