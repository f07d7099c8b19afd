/** What a row of the option table says. */
export type OptionKind = 'text' | 'texts' | 'integer' | 'flag';
/** What a shell may offer for a value: names of files, directories or signals. */
export type Completion = 'file' | 'directory' | 'signal';
export type OptionGroup =
  'Sockets' | 'Workers and restarts' | 'Readiness and limits' | 'Logs and files' | 'Under systemd' | 'Commands';

/** What a command line may ask for, beside help and version. */
export type CommandName =
  'start' | 'restart' | 'stop' | 'show status' | 'reconfigure' | 'upgrade' | 'follow' | 'cancel';

export interface OptionRow {
  /** As typed after `--`. */
  readonly name: string;
  /** `texts` may be repeated and accumulates; of the others the last one counts. */
  readonly kind: OptionKind;
  /** What stands for the value in prose; none for flags. */
  readonly placeholder?: string;
  /** None for flags, and for values that only the operator knows. */
  readonly completion?: Completion;
  /** Of a text: the only words that it may be. */
  readonly words?: readonly string[];
  /** Of texts: a program that uses the library may give a number in place of a text. */
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
  /** The commands that use it. With any other, an option of ours is an error; those of the original are ignored. */
  readonly usedBy?: readonly CommandName[];
}
