/** What is really wrong with a program for which exec(2) only says "No such file or directory" or "Permission denied". */
import { messages } from '../loop/messages.js';

/** A file that another one needs in order to be executed. */
export interface Needed {
  readonly path: string;
  readonly state: 'executable' | 'missing' | 'not executable';
}

/** What was found where the program should be. */
export type ProgramFacts =
  /** `along`: the PATH in which it was looked for, undefined where the word has a slash; `dir` is that of --dir. */
  | {
      readonly type: 'missing';
      readonly word: string;
      readonly along: string | undefined;
      readonly dir: string | undefined;
    }
  | { readonly type: 'directory' | 'not executable'; readonly path: string }
  /** `needs`: the interpreter of its first line, or the loader that its header names. */
  | {
      readonly type: 'executable';
      readonly path: string;
      readonly needs?: Needed & { readonly as: 'interpreter' | 'loader' };
    };

/** A line of the log, or undefined where nothing is wrong with it: then it was executed, and has ended with 255 itself. */
export function explanationOf(facts: ProgramFacts): string | undefined {
  switch (facts.type) {
    case 'missing':
      return missing(facts);
    case 'directory':
      return messages.programIsDirectory(facts.path);
    case 'not executable':
      return messages.programNotExecutable(facts.path);
    case 'executable':
      return facts.needs && lacking(facts.path, facts.needs);
  }
}

function missing({ word, along, dir }: ProgramFacts & { readonly type: 'missing' }): string {
  if (word === '') return messages.programIsEmpty();
  const [first = '', ...rest] = word.split(' ');
  if (first !== '' && rest.length > 0) return messages.programIsOneWord(word);
  return along === undefined ? messages.programMissing(word, dir) : messages.programNotAlong(word, along);
}

function lacking(
  path: string,
  { path: needed, state, as }: Needed & { as: 'interpreter' | 'loader' },
): string | undefined {
  if (state === 'executable') return undefined;
  if (needed === '') return messages.interpreterUnnamed(path);
  if (as === 'loader') return messages.loaderMissing(path, needed);
  if (state === 'not executable') return messages.interpreterNotExecutable(path, needed);
  return needed.endsWith('\r') ? messages.carriageReturns(path, needed) : messages.interpreterMissing(path, needed);
}
