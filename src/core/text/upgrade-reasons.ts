/** Why a superdaemon does not become another image of itself. */
import { quoted } from './quoted.js';

export const upgradeReasons = {
  notPreloaded: () => 'this start_server runs without its preloaded library, and signals could be lost on the way',
  cannotBeRun: (path: string, reason: string) => `${quoted(path)} cannot be run: ${reason}`,
  /** What the image says that is asked, where `path` is a program that starts `script`. */
  isWrapper: (path: string, script: string) =>
    `${quoted(path)} only starts ${quoted(script)}; put start_server itself there, or a link to it`,
  /** `ending` is that of the other image, `words` what it has said. */
  checkFailed: (ending: string, words: string | undefined) =>
    words === undefined
      ? `the start_server that is installed now says nothing and has ended: ${ending}`
      : `the start_server that is installed now says ${quoted(words)}`,
  neverAtRest: (seconds: number) =>
    `for ${String(seconds)} secs there was no moment at which nothing was under way, perhaps since nobody reads the log`,
  refusedBySystem: (stage: string, reason: string) => `${stage}(2) failed: ${reason}`,
} as const;
