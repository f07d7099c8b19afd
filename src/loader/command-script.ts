/**
 * The command as one script, and beside it what V8 has compiled of it: without that, a start takes four milliseconds
 * longer.
 *
 * V8 refuses code that another version of it has compiled, or one with other flags; but of the source it compares only the
 * length. So the source ends with a mark that depends on its content, and the compiled code begins with the same mark.
 */
import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { Script } from 'node:vm';
import type * as cli from '../cli.js';
import type { Place } from './place.js';

export type Command = typeof cli;

/** How many characters the mark has; scripts/prepare.mjs puts it there. */
const markLength = 16;

/** The script of this place. Compiled code is used if it is there and fits; without it only the start takes longer. */
export function readScript({ source: path, compiled }: Place): Script {
  const source = readFileSync(path, 'latin1');
  const cachedData = readCompiled(compiled, markOf(source));
  return new Script(source, { filename: path, ...(cachedData === undefined ? {} : { cachedData }) });
}

/** What the script exports. `load` is the require of the module that loads it. */
export function evaluate(script: Script, { directory, source }: Place, load: NodeJS.Require): Command {
  const module = { exports: {} };
  const run = script.runInThisContext() as (...given: unknown[]) => void;
  run(module.exports, load, module, source, directory);
  return module.exports as Command;
}

/** Keeps what is compiled of the script by now, readable for everybody who may read the script itself. */
export function keepCompiled(script: Script, { source, compiled }: Place): void {
  if (compiled === undefined) return;
  const mark = Buffer.from(markOf(readFileSync(source, 'latin1')), 'latin1');
  const draft = `${compiled}.${String(process.pid)}`;
  writeFileSync(draft, Buffer.concat([mark, script.createCachedData()]));
  chmodSync(draft, statSync(source).mode);
  renameSync(draft, compiled);
}

function readCompiled(path: string | undefined, mark: string): Buffer | undefined {
  if (path === undefined) return undefined;
  try {
    const compiled = readFileSync(path);
    return compiled.toString('latin1', 0, markLength) === mark ? compiled.subarray(markLength) : undefined;
  } catch {
    return undefined; // nothing was compiled at the installation
  }
}

function markOf(source: string): string {
  return source.slice(-markLength);
}
