/**
 * The name that was probably meant: one of which the beginning was typed, or the nearest, where a third of the letters at
 * most are others, too many, missing, or exchanged with their neighbours.
 */
export function suggestion(typed: string, names: readonly string[]): string | undefined {
  const begun = typed.length > 2 ? names.find((name) => name.startsWith(typed)) : undefined;
  if (begun !== undefined) return begun;
  const distances = names.map((name) => ({ name, distance: distanceBetween(typed, name) }));
  const [nearest] = distances.sort((one, other) => one.distance - other.distance);
  return nearest !== undefined && nearest.distance <= Math.max(1, nearest.name.length / 3) ? nearest.name : undefined;
}

/** Optimal string alignment: how many letters have to be put in, taken out, replaced, or exchanged with the next. */
function distanceBetween(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = at(last, column - 1) + (one[row - 1] === other[column - 1] ? 0 : 1);
      const isExchanged = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const exchanged = isExchanged ? at(beforeLast, column - 2) + 1 : Infinity;
      current.push(Math.min(at(last, column) + 1, at(current, column - 1) + 1, replaced, exchanged));
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
