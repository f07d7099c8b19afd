/** Where the command is read from. */
import { dirname, join } from 'node:path';
import { heldFile, linkTo } from '../system/engine/held-files.js';

export interface Place {
  /** What the command is to take for its own directory. */
  readonly directory: string;
  readonly source: string;
  /** What V8 has compiled of the source; undefined where that may belong to another source. */
  readonly compiled: string | undefined;
}

export function placeIn(directory: string): Place {
  return { directory, source: join(directory, 'command.js'), compiled: join(directory, 'command.compiled') };
}

/** The open files of a superdaemon that wakes after its package was replaced or removed; undefined in any other process. */
export function heldPlace(): Place | undefined {
  const held = heldFile('COMMAND');
  return held && { directory: dirname(held.path), source: linkTo(held), compiled: undefined };
}
