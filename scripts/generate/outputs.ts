/** Every file that is made from the tables of src/core and of the linter. */
import { bashCompletion } from './bash.js';
import { contributing, type Power, type Room } from './contributing.js';
import { fishCompletion } from './fish.js';
import { libraryOptions } from './library-options.js';
import { manual } from './manual.js';
import { readme } from './readme.js';
import { zshCompletion } from './zsh.js';

export interface Sources {
  /** These two files as they are now. */
  readonly readme: string;
  readonly contributing: string;
  readonly manualTemplate: string;
  readonly version: string;
  readonly rooms: readonly Room[];
  readonly powers: readonly Power[];
}

/** The texts of the files, by path. */
export function outputs(sources: Sources): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', readme(sources.readme)],
    ['CONTRIBUTING.md', contributing(sources.contributing, sources.rooms, sources.powers)],
    ['man/start_server.1', manual(sources.manualTemplate, sources.version)],
    ['completions/start_server.bash', bashCompletion()],
    ['completions/_start_server', zshCompletion()],
    ['src/library/table-options.ts', libraryOptions()],
    ['completions/start_server.fish', fishCompletion()],
  ]);
}
