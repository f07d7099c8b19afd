/** Removes, on both sides of a comparison, what is said differently on purpose. */

const reasons = 'No such file or directory|Permission denied|Not a directory|Argument list too long';
const perlsWarnings =
  'Can\'t exec "|Argument "|sleep\\(\\) with negative argument|Use of uninitialized value|Missing command in piped open';

/** Without what only Perl says: warnings, and where in its source a message was made. */
export function withoutPerlsOwn(text: string): string {
  return text
    .replace(new RegExp(`(?:${perlsWarnings})[^\\n]*? at \\S+ line \\d+(?:, <\\S+> line \\d+)?\\.\\n`, 'g'), '')
    .replace(/^ at \S+ line \d+\.\n/gm, '')
    .replace(/ at \S+ line \d+(?:, <\S+> line \d+)?\.$/gm, '');
}

/** How lines of the original begin to which ours adds a remedy behind a `;`. */
const refusals =
  'failed to (?!exec |chdir:)|fork\\(2\\) failed|listen\\(2\\) failed|dup2\\(2\\) failed|Unknown option: |Option \\S+ (?:is|requires|does) |' +
  "Missing option after |Value \"|server program not |invalid ``port'' value:|no active process found";

/** Without what ours adds to the original's words: remedies, and reasons where the original has none. */
export function withoutRemedies(text: string): string {
  return text
    .replace(new RegExp(`^((?:${refusals})[^\\n]*?); [^\\n]*$`, 'gm'), '$1')
    .replace(/^if "[^\n]*\n/gm, '')
    .replace(
      /^(?:warning: (?:more than one socket is called|nothing is taken from)|the program cannot be executed: )[^\n]*\n/gm,
      '',
    )
    .replace(/^(failed to resolve host:[^\n]*?:)[^\n:]*$/gm, '$1');
}

/**
 * Separates the lines of children that cannot run the program. Such a line comes before or after the superdaemon's own
 * line about the start; the original's has neither a separator nor a newline.
 */
export function withoutChildren(text: string): { readonly rest: string; readonly told: readonly string[] } {
  const told: string[] = [];
  const exec = new RegExp(`failed to exec ([^\\n]*?):?(${reasons})\\n?`, 'g');
  const chdir = new RegExp(`failed to chdir:[^\\n]*:(?:${reasons})\\n`, 'g');
  // In ours the newline belongs to the sentence; in Perl's the next line follows at once.
  const rest = text
    .replace(exec, (_, program: string, why: string) => {
      told.push(`failed to exec ${program}:${why}`);
      return '';
    })
    .replace(chdir, (line) => {
      told.push(line.trimEnd());
      return '';
    });
  return { rest, told };
}

/** Sorts the ends of workers that were told to leave together, since they leave in any order. */
export function withSortedDeaths(lines: readonly string[]): string[] {
  const sorted: string[] = [];
  let deaths: string[] = [];
  for (const line of lines) {
    if (/^(?:old )?worker \w+ died, /.test(line)) deaths.push(line);
    else {
      sorted.push(...deaths.sort(), line);
      deaths = [];
    }
  }
  return [...sorted, ...deaths.sort()];
}
