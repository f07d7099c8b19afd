/** What a row of the option table says. */
export type OptionKind = 'text' | 'texts' | 'integer' | 'flag';
/** What a shell may offer for a value: names of files, directories or signals. */
export type Completion = 'file' | 'directory' | 'signal';
export type OptionGroup = 'Sockets' | 'Workers and restarts' | 'Readiness and limits' | 'Logs and files' | 'Commands';

/** What a command line may ask for, beside help and version. */
export type CommandName = 'start' | 'restart' | 'stop' | 'show status' | 'reconfigure';

export interface OptionRow {
  /** As typed after `--`. */
  readonly name: string;
  /** `texts` may be repeated and accumulates; of the others the last one counts. */
  readonly kind: OptionKind;
  /** What stands for the value in prose; none for flags. */
  readonly placeholder?: string;
  /** None for flags, and for values that only the operator knows. */
  readonly completion?: Completion;
  /** Of a text: all that it may be. */
  readonly words?: readonly string[];
  /** Of texts: a program may give a number for one. */
  readonly orNumber?: true;
  /** Of an integer: the lowest that makes sense; absent where the original takes any. */
  readonly lowest?: number;
  readonly default?: string;
  readonly group: OptionGroup;
  /** Plain ASCII sentences without a final full stop. */
  readonly prose: string;
  /** The variable that the option sets; an envdir overrides it, and it does the same when it comes from outside. */
  readonly variable?: string;
  /** Must be typed in full and matches no abbreviation, so that the original's keep their meaning. */
  readonly full?: true;
  /** Makes no sense in a program that starts a server by the library. */
  readonly commandOnly?: true;
  /** The commands that have a use for it; with any other, one of ours is an error, while the original ignores its own. */
  readonly usedBy?: readonly CommandName[];
}
