import { addon } from './addon.js';

/** The newest node under which the flags were tried: V8 complains of a flag that it does not know. */
const newestTried = 26;

/** They switch off V8's three compilers for code not compiled yet, and keep its heap for new objects from growing. */
export const frugalFlags = ['--no-opt', '--no-maglev', '--no-sparkplug', '--semi-space-growth-factor=1'] as const;

/**
 * Keeps V8 from spending memory on speed: after some hundred generations its compilers have taken 6 to 10 MB, after some
 * thousand its heap 2 MB more, and no HUP is faster for it. To be called when the first worker runs. On node's command
 * line the same flags would make each start 1.5 ms longer, since node's own code is then not taken from its cache.
 */
export function stayFrugal(): void {
  if (Number.parseInt(process.versions.node, 10) > newestTried) return;
  for (const flag of frugalFlags) addon.setEngineFlags(flag);
}

/** After so many milliseconds without anything to do it is likely that nothing follows. */
const quiet = 200;

/**
 * Gives back memory once nothing has happened for a while: that of node's text, three quarters of what is resident, and of
 * garbage, some 2 to 4 MB. To be called whenever there is nothing to do.
 */
export function giveBackMemoryWhenQuiet(): void {
  addon.giveBackMemory(quiet);
}
