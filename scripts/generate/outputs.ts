/** Every file that is made from the tables of src/core. */
import { bashCompletion } from './bash.js';
import { fishCompletion } from './fish.js';
import { manual } from './manual.js';
import { readme } from './readme.js';
import { zshCompletion } from './zsh.js';

export interface Sources {
  /** As it is now. */
  readonly readme: string;
  readonly manualTemplate: string;
  readonly version: string;
}

/** Texts by path. */
export function outputs(sources: Sources): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', readme(sources.readme)],
    ['man/start_server.1', manual(sources.manualTemplate, sources.version)],
    ['completions/start_server.bash', bashCompletion()],
    ['completions/_start_server', zshCompletion()],
    ['completions/start_server.fish', fishCompletion()],
  ]);
}
