import type { WayToEnd } from '../../../src/core/loop/types.js';

/** That of a command line which says nothing about it. */
export const wayToEnd: WayToEnd = {
  signalOnHup: { name: 'TERM', number: 15 },
  signalOnTerm: { name: 'TERM', number: 15 },
};
