import { closeSync, existsSync, openSync } from 'node:fs';
import type { Test } from 'tap';

/** A device on which there is never any room. */
const device = '/dev/full';

/** Why there is none, for tap's `skip`; false where there is. */
export const withoutFullDevice: string | false = !existsSync(device) && `this system has no ${device}`;

/** A descriptor of it, open until the end of the test. */
export function fullDevice(t: Test): number {
  const descriptor = openSync(device, 'w');
  t.teardown(() => {
    closeSync(descriptor);
  });
  return descriptor;
}
