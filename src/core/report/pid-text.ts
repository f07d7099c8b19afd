/**
 * The pid in the first line of a pid file, or undefined when the line is anything else. Blanks around it are allowed, as
 * Perl's and Go's start_server allow them; 0, -1 and `12 34` are no pids: the original signalled whole groups for them.
 */
export function parsePid(line: string): number | undefined {
  const digits = /^[ \t]*([1-9]\d{0,9})[ \t\r]*$/.exec(line)?.[1];
  const pid = Number(digits ?? NaN);
  return pid < 2 ** 31 ? pid : undefined;
}
