/**
 * Files that an image of a superdaemon was made of and that stay open while it sleeps. Where others have taken their places
 * meanwhile, the sleeper wakes it from these (native/sleeper): node runs the loader by a link to the open file then.
 */

/** A file that stays open, and where it was. */
export interface HeldFile {
  readonly fd: number;
  readonly path: string;
}

const links = '/proc/self/fd/';

/** By which an open file is found in a process that has it under this number. */
export function linkTo({ fd }: Pick<HeldFile, 'fd'>): string {
  return `${links}${String(fd)}`;
}

/** The open file of this name, where this process was woken from such files; undefined in any other. */
export function heldFile(name: string): HeldFile | undefined {
  if (process.argv[1]?.startsWith(links) !== true) return undefined;
  const [, fd, path] = /^(\d+):(.*)$/s.exec(process.env[`SUPERDAEMON_HELD_${name}`] ?? '') ?? [];
  return fd === undefined || path === undefined ? undefined : { fd: Number(fd), path };
}
