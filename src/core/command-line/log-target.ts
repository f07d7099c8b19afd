/** What `--log-file` means: a file, or after a `|` a command that is given the log. */
export type LogTarget =
  | { readonly type: 'file'; readonly path: string }
  /** `text`: as it was given. */
  | { readonly type: 'logger'; readonly text: string; readonly args: readonly string[] };

/** Reads the value as Perl's open reads it: blanks around the `|` do not count, nor may anything stand before it. */
export function parseLogTarget(value: string): LogTarget {
  const command = /^[ \t\n\r\f\v]*\|[ \t\n\r\f\v]*(.*)$/s.exec(value)?.[1];
  if (command === undefined) return { type: 'file', path: value };
  return { type: 'logger', text: value, args: needsShell(command) ? ['/bin/sh', '-c', command] : words(command) };
}

/** Perl runs a command without a shell when nothing in it is for a shell: no such character, `exec` or assignment. */
function needsShell(command: string): boolean {
  return /[$&*(){}[\]'";\\|?<>~`]|\n./s.test(command) || /^[ \t\n\r\f\v]*(exec[ \t\n\r\f\v]|\w+=)/.test(command);
}

function words(command: string): string[] {
  return command.split(/[ \t\n\r\f\v]+/).filter((word) => word !== '');
}
