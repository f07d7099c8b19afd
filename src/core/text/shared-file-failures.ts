/** Why two options cannot name one file. */
import { quoted } from './quoted.js';

/** A file, and the option that names it. */
export interface FileOfOption {
  readonly option: string;
  readonly path: string;
}

export const sharedFileFailures = {
  sharedFile: (one: FileOfOption, other: FileOfOption, isInForce: boolean) =>
    `${inWords(one, other)}${isInForce ? ', of the command line in force' : ''}; ` +
    (isInForce ? 'change that in a first --reconfigure, and this in a second' : apart),
  sharedFileKept: (one: FileOfOption, other: FileOfOption) => `warning: ${inWords(one, other)}; ${apart}`,
} as const;

const apart = 'give each of them a file of its own';

function inWords(one: FileOfOption, other: FileOfOption): string {
  return `${one.option}: ${quoted(one.path)} is the same file as ${quoted(other.path)} of ${other.option}`;
}
