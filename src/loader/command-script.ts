/**
 * The command as one script, and beside it what V8 has compiled of it: without that, a start takes four milliseconds longer.
 *
 * V8 refuses what another version of it has made, or one with other flags, but compares no more of the source than its
 * length. So the source ends with a mark that tells its content, and what was compiled from it begins with the same.
 */
import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import type * as cli from '../cli.js';

export type Command = typeof cli;

/** Characters; scripts/prepare.mjs puts them there. */
const markLength = 16;

const sourcePath = (directory: string) => join(directory, 'command.js');
const compiledPath = (directory: string) => join(directory, 'command.compiled');

/** The script of this directory. What is compiled is made use of if it is there and fits; nothing else depends on it. */
export function readScript(directory: string): Script {
  const source = readFileSync(sourcePath(directory), 'latin1');
  const cachedData = readCompiled(directory, markOf(source));
  return new Script(source, { filename: sourcePath(directory), ...(cachedData === undefined ? {} : { cachedData }) });
}

/** What the script exports. `load` is the require of the module that loads it. */
export function evaluate(script: Script, directory: string, load: NodeJS.Require): Command {
  const module = { exports: {} };
  const run = script.runInThisContext() as (...given: unknown[]) => void;
  run(module.exports, load, module, sourcePath(directory), directory);
  return module.exports as Command;
}

/** Keeps what is compiled of the script by now, for all who may read the script itself. */
export function keepCompiled(script: Script, directory: string): void {
  const mark = Buffer.from(markOf(readFileSync(sourcePath(directory), 'latin1')), 'latin1');
  const draft = `${compiledPath(directory)}.${String(process.pid)}`;
  writeFileSync(draft, Buffer.concat([mark, script.createCachedData()]));
  chmodSync(draft, statSync(sourcePath(directory)).mode);
  renameSync(draft, compiledPath(directory));
}

function readCompiled(directory: string, mark: string): Buffer | undefined {
  try {
    const compiled = readFileSync(compiledPath(directory));
    return compiled.toString('latin1', 0, markLength) === mark ? compiled.subarray(markLength) : undefined;
  } catch {
    return undefined; // nothing was compiled at the installation
  }
}

function markOf(source: string): string {
  return source.slice(-markLength);
}
