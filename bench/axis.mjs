/** Axes from zero to a round number. */

/** With more steps than this, the labels of the ticks would come too close to each other. */
const mostSteps = 5;

/** The ticks of an axis for numbers up to `highest`: from 0 in equal steps to the first that is not below `highest`. */
export function ticks(highest) {
  const step = stepFor(highest);
  const count = Math.max(1, Math.ceil(highest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

/** The smallest step that needs no more ticks than that: 1, 2, 2.5 or 5, times a power of ten. */
function stepFor(highest) {
  const power = 10 ** Math.floor(Math.log10((highest || 1) / mostSteps));
  const factor = [1, 2, 2.5, 5, 10].find((each) => each * power * mostSteps >= highest * (1 - 1e-9));
  return factor * power;
}
