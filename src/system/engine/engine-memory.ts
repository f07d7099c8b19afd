import { addon } from './addon.js';

/** The newest node under which the flags were tried: V8 complains of one that it does not know. */
const newestTried = 26;

/** Switch off the three compilers of V8 for what is not compiled yet, and keep its heap for new objects from growing. */
export const frugalFlags = ['--no-opt', '--no-maglev', '--no-sparkplug', '--semi-space-growth-factor=1'] as const;

/**
 * Keeps V8 from spending memory on speed: after some hundred generations its compilers have taken 6 to 10 MB, after some
 * thousand its heap 2 MB more, and a HUP is not faster for it. To be called when the first worker stands, since on node's
 * command line the same flags make each start 1.5 ms longer: node's own code is then not taken from its cache.
 */
export function stayFrugal(): void {
  if (Number.parseInt(process.versions.node, 10) > newestTried) return;
  for (const flag of frugalFlags) addon.setEngineFlags(flag);
}
