/** From samples of several subjects to what the page shows of them: a table, a plot, and whether a goal is met. */
import { ratio, summary } from './statistics.mjs';

export const milliseconds = (nanoseconds) => nanoseconds / 1e6;

/** A number with three significant digits. */
export function digits(number) {
  if (!Number.isFinite(number)) return '-';
  if (Math.abs(number) >= 100) return number.toFixed(0);
  return Math.abs(number) >= 10 ? number.toFixed(1) : number.toFixed(2);
}

/**
 * A table with a row for each subject: median, quartiles, ratio to the original's median with its interval. `samples` has
 * lists of numbers in `unit` by the subject's id.
 */
export function comparison(subjects, samples, unit) {
  const base = samples.get('original');
  const rows = subjects
    .filter(({ id }) => samples.has(id))
    .map(({ id, name }) => {
      const { count, median, lower, upper } = summary(samples.get(id));
      return [name, digits(median), `${digits(lower)} to ${digits(upper)}`, ratioText(samples.get(id), base), count];
    });
  return { head: ['', `median, ${unit}`, 'quartiles', 'ratio to the original', 'samples'], rows };
}

function ratioText(numbers, base) {
  if (base === undefined) return 'not measured';
  if (numbers === base) return '1';
  const { value, low, high } = ratio(numbers, base);
  return `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** A plot of the same. */
export function bars(subjects, samples, { file, title, unit }) {
  const all = subjects.filter(({ id }) => samples.has(id));
  return {
    type: 'bars',
    file,
    title,
    unit,
    bars: all.map(({ id, name }) => ({ id, name, ...summary(samples.get(id)) })),
  };
}

/** A goal on the ratio of our median to that of another, the original's. `why` is what the page says when it is missed. */
export function ratioGoal(text, limit, samples, why, other = 'original') {
  const base = samples.get(other);
  if (base === undefined) return { text, limit: `at most ${limit.toFixed(2)}`, measured: 'not measured', why };
  const { value } = ratio(samples.get('superdaemon'), base);
  return atMost(text, value, limit, why, (number) => number.toFixed(2));
}

/** A goal on a number that should not be above a limit. */
export function atMost(text, value, limit, why, show = digits) {
  return { text, limit: `at most ${show(limit)}`, measured: apart(value, limit, show), met: value <= limit, why };
}

/** Shows a number with so many digits that one above the limit does not look equal to it. */
function apart(value, limit, show) {
  const shown = show(value);
  const [, decimals = ''] = shown.split('.');
  const longer = Array.from({ length: 9 }, (_, more) => value.toFixed(decimals.length + more + 1));
  return value > limit ? [shown, ...longer].find((each) => Number(each) > limit) : shown;
}
