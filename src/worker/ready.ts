import { closeSync, fstatSync, writeSync } from 'node:fs';

const variable = 'SERVER_STARTER_READY_FD';

/**
 * Tells start_server that this program serves, for which `--ready=fd` and `--ready=notify` wait before they retire the
 * old worker. To be called once, when everything is listening; in a cluster by the primary. Gives true when it was
 * told, false where nobody wants to know: without start_server, without `--ready`, in a child process, or when it was
 * told before.
 */
export function ready(): boolean {
  const descriptor = descriptorIn(process.env[variable]);
  // Processes that are started from here do not have the descriptor; the number may be another one's there.
  Reflect.deleteProperty(process.env, variable);
  if (!isPipe(descriptor)) return false;
  try {
    writeSync(descriptor, 'READY=1\n');
    return true;
  } catch {
    return false; // start_server has given up on us, and closed its end
  } finally {
    closeSync(descriptor);
  }
}

/** Only digits are a number here: an empty text would be descriptor 0. */
function descriptorIn(text = ''): number {
  return /^[0-9]+$/.test(text) ? Number(text) : NaN;
}

function isPipe(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFIFO();
  } catch {
    return false; // no number, or not open here
  }
}
