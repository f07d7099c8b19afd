/** Which name was perhaps meant by one that does not exist. */

/** What counts of an option: its name, and whether it has to be typed in full. */
interface Row {
  readonly name: string;
  readonly full?: true;
}

/** The option, with its dashes, or undefined where nothing is close enough. */
export function suggestionFor(typed: string, table: readonly Row[]): string | undefined {
  // The other options may be abbreviated anyway.
  const inFull = table.filter(({ full }) => full === true).map(({ name }) => name);
  const names = table.map(({ name }) => name);
  const meant = begunOf(inFull, typed) ?? nearestOf(names, typed);
  return meant && `--${meant}`;
}

/** The name that was perhaps meant: the only one that begins so, or the nearest. */
export function suggestion(typed: string, names: readonly string[]): string | undefined {
  return begunOf(names, typed) ?? nearestOf(names, typed);
}

/** Fewer than three letters may be the beginning of anything. */
function begunOf(names: readonly string[], typed: string): string | undefined {
  if (typed.length < 3) return undefined;
  const [only, ...others] = names.filter((name) => name.startsWith(typed));
  return others.length === 0 ? only : undefined;
}

/**
 * The name that was perhaps meant, undefined where none is close. A slip hardly ever is in the first letter, and
 * `--nodaemonize` does not mean `--daemonize`.
 */
export function nearestOf(names: readonly string[], typed: string): string | undefined {
  const most = typed.length > 5 ? 2 : 1;
  const close = names
    .filter((name) => name.startsWith(typed.charAt(0)))
    .map((name) => ({ name, distance: distance(typed, name) }))
    .filter((one) => one.distance <= most);
  return close.sort((a, b) => a.distance - b.distance)[0]?.name;
}

/**
 * How many letters have to be put in, left out, replaced or swapped with their neighbour (Damerau and Levenshtein, each
 * place only once).
 */
export function distance(from: string, to: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: to.length + 1 }, (_, length) => length)];
  for (let row = 1; row <= from.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      next[column] = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (before[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    [before, last] = [last, next];
  }
  return last[to.length] ?? 0;
}
