/**
 * Files that an image of a superdaemon was started from, kept open while it sleeps. If other files have taken their places
 * meanwhile, the sleeper (native/sleeper) starts node from the open files: node is given a link to the open script.
 */

/** A file that stays open, and where it was. */
export interface HeldFile {
  readonly fd: number;
  readonly path: string;
}

const links = '/proc/self/fd/';

/** A path that leads to the open file, in every process that has it under this number. */
export function linkTo({ fd }: Pick<HeldFile, 'fd'>): string {
  return `${links}${String(fd)}`;
}

/** Whether LD_PRELOAD can name the path. For any other path, a link to the open file is used. */
export function isListable(path: string): boolean {
  return !/[: $]/.test(path);
}

/** The held file of this name, if this process was started from held files; otherwise undefined. */
export function heldFile(name: string): HeldFile | undefined {
  if (process.argv[1]?.startsWith(links) !== true) return undefined;
  const [, fd, path] = /^(\d+):(.*)$/s.exec(process.env[`SUPERDAEMON_HELD_${name}`] ?? '') ?? [];
  return fd === undefined || path === undefined ? undefined : { fd: Number(fd), path };
}
