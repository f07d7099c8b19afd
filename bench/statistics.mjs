/** What is said about a list of numbers: medians, since in a few rounds something else always runs. */

/** The value below which this share of the numbers lies, interpolated between two of them. */
export function quantile(numbers, share) {
  if (numbers.length === 0) return NaN;
  const sorted = [...numbers].sort((one, other) => one - other);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  return below + (sorted[Math.ceil(at)] - below) * (at - Math.floor(at));
}

export function median(numbers) {
  return quantile(numbers, 0.5);
}

/** Median, quartiles and how many; nothing is left out as an outlier. */
export function summary(numbers) {
  return {
    count: numbers.length,
    median: median(numbers),
    lower: quantile(numbers, 0.25),
    upper: quantile(numbers, 0.75),
  };
}

/**
 * How many times the median of `base` that of `numbers` is, with an interval that holds it in 95 of 100 runs: both lists
 * are drawn anew from themselves (bootstrap), by a generator that always gives the same numbers.
 */
export function ratio(numbers, base, draws = 2000) {
  const random = generator(20_260_101);
  const drawn = (list) => list.map(() => list[Math.floor(random() * list.length)]);
  const ratios = Array.from({ length: draws }, () => median(drawn(numbers)) / median(drawn(base)));
  return { value: median(numbers) / median(base), low: quantile(ratios, 0.025), high: quantile(ratios, 0.975) };
}

/** Numbers from 0 to 1 (mulberry32), so that a page made again from the same measurements is the same. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * With which power of `x` the growth of `y` over its first value goes from the middle point to the last: 1 is linear, 2
 * quadratic. Points are [x, y], in order. Growth below `noise` counts as none: 0.
 */
export function growth(points, noise) {
  const [, start] = points[0];
  const [middleX, middleY] = points[Math.floor((points.length - 1) / 2)];
  const [lastX, lastY] = points.at(-1);
  if (lastY - start < noise) return 0;
  return Math.log((lastY - start) / Math.max(middleY - start, noise / 2)) / Math.log(lastX / middleX);
}
