/** Axes from zero to a round number. */

/** So few ticks that their labels stay apart. */
const mostSteps = 5;

/** The ticks of an axis that shows numbers up to `highest`: from 0 in equal steps to the first that is not below it. */
export function ticks(highest) {
  const step = stepFor(highest);
  const count = Math.max(1, Math.ceil(highest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

/** The smallest of 1, 2, 2.5 and 5, times a power of ten, of which few enough are needed. */
function stepFor(highest) {
  const power = 10 ** Math.floor(Math.log10((highest || 1) / mostSteps));
  const factor = [1, 2, 2.5, 5, 10].find((each) => each * power * mostSteps >= highest * (1 - 1e-9));
  return factor * power;
}
