import type { Owner } from './owner.js';
import type { Say } from './say.js';
import type { TakeOver } from './take-over.js';

/** What the files of a service are opened with: and who may have them yet. */
export interface FilesParts {
  readonly say: Say;
  readonly takeOver: TakeOver;
  readonly owner: Owner | undefined;
}
