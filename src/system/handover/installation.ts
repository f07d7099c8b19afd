/** The files that this image was started from: kept open, so that it can be started again whatever is installed by then. */
import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { InstallationPart } from '../../core/handover/document.js';
import { addon, addonFile } from '../engine/addon.js';
import { byteString, bytes } from '../engine/bytes.js';
import { linkTo, type HeldFile } from '../engine/held-files.js';
import type { Keep } from '../engine/keep.js';
import { nativeFile } from '../engine/package-root.js';
import { isFileAt } from '../files/file-at-path.js';
import { preloaded } from './preloaded.js';

/** The names by which the sleeper and the loader ask for them. */
const names = ['NODE', 'CALLED', 'SCRIPT', 'COMMAND', 'ADDON', 'PRELOAD', 'SLEEPER'] as const;
type Name = (typeof names)[number];
export type HeldFiles = Readonly<Record<Name, HeldFile>>;

export class Installation {
  /** The identity of the installation that was tried last and could not go on with the run. */
  refused: string | undefined;

  private constructor(readonly held: HeldFiles) {}

  /**
   * Opens them; `calledAs` is the path of the command. Throws what the system refuses, and ENOENT for one that is
   * missing.
   */
  static open(calledAs: string): Installation {
    const here = import.meta.dirname;
    const paths: Readonly<Record<Name, string | undefined>> = {
      NODE: pathOfNode(),
      CALLED: calledAs,
      SCRIPT: join(here, 'start_server.cjs'),
      COMMAND: join(here, 'command.js'),
      ADDON: addonFile,
      PRELOAD: preloaded()?.library,
      SLEEPER: nativeFile(here, 'sleeper'),
    };
    const opened: Partial<Record<Name, HeldFile>> = {};
    try {
      for (const name of names) {
        const path = paths[name] ?? '';
        // For node, the program that runs, whatever is at its path by now.
        opened[name] = { fd: openSync(name === 'NODE' ? '/proc/self/exe' : bytes(path), 'r'), path };
      }
    } catch (error) {
      for (const { fd } of Object.values(opened)) closeSync(fd);
      throw error;
    }
    return new Installation(opened as HeldFiles);
  }

  static takeUp({ held, refused }: InstallationPart): Installation {
    for (const { fd } of held) addon.setCloseOnExec(fd);
    const found = Object.fromEntries(held.map(({ name, ...file }) => [name, file]));
    const installation = new Installation(found as HeldFiles);
    installation.refused = refused;
    return installation;
  }

  handOver(keep: Keep): InstallationPart {
    const held = names.map((name) => ({ name, ...this.held[name] }));
    for (const { fd } of held) keep(fd);
    return { held, ...(this.refused === undefined ? {} : { refused: this.refused }) };
  }

  /** Whether each file is still at its path. */
  get isInPlace(): boolean {
    return names.every((name) => isThere(this.held[name]));
  }

  /** Identifies the files that are at the paths now: the same text means the same files. */
  get identityThere(): string {
    return names.map((name) => identityOf(this.held[name].path)).join(' ');
  }

  /** The program to become in order to sleep. */
  get sleeper(): string {
    const { SLEEPER } = this.held;
    return isThere(SLEEPER) ? SLEEPER.path : linkTo(SLEEPER);
  }

  close(): void {
    for (const { fd } of Object.values(this.held)) closeSync(fd);
  }
}

/** The path by which the launcher has started node. It may be a link, and lead elsewhere after an upgrade. */
function pathOfNode(): string {
  const name = byteString(process.argv0);
  const isPath = name.includes('/');
  const directories = isPath ? [] : byteString(process.env['PATH'] ?? '').split(':');
  const candidates = isPath ? [name] : directories.map((directory) => join(directory, name));
  const own = identityOf('/proc/self/exe');
  return candidates.find((path) => identityOf(path) === own) ?? byteString(process.execPath);
}

function isThere({ path, fd }: HeldFile): boolean {
  try {
    return isFileAt(path, fd);
  } catch {
    return false; // its directory is gone
  }
}

/** Of what is there, as far as this user may look: the same text for the same file. */
export function identityOf(path: string): string {
  try {
    const { dev, ino, ctimeNs } = statSync(bytes(path), { bigint: true });
    return [dev, ino, ctimeNs].join(':');
  } catch {
    return 'none';
  }
}
