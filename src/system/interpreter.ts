import { addon } from './addon.js';

/** The newest node under which the flags were tried: V8 complains of one that it does not know. */
const newestTried = 26;

/** Switch off the three compilers of V8 for what is not compiled yet. */
export const compilerFlags = ['--no-opt', '--no-maglev', '--no-sparkplug'] as const;

/**
 * Keeps V8 from compiling any more: after some hundred generations its compilers have taken 6 to 10 MB, and a HUP is not
 * faster for it. To be called when the first worker stands, since on node's command line the same flags make each start 1.5 ms
 * longer: node's own code is then not taken from its cache.
 */
export function stayInterpreted(): void {
  if (Number.parseInt(process.versions.node, 10) > newestTried) return;
  for (const flag of compilerFlags) addon.setEngineFlags(flag);
}
