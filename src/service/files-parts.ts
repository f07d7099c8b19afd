import type { Owner } from './owner.js';
import type { Say } from './say.js';
import type { TakeOver } from './take-over.js';

/** What is needed to open the files of a service, and who may still have them. */
export interface FilesParts {
  readonly say: Say;
  readonly takeOver: TakeOver;
  readonly owner: Owner | undefined;
}
