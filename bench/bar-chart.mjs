import { ticks } from './axis.mjs';
import { centred, colourOf, digits, fixed, framed, line, margin, plain, text, widest, width } from './drawing.mjs';

const top = 64;
const row = 30;
const thickness = 18;
const gap = 10;
const serif = 4;

/** A bar that is so many times as long as the next one would leave nothing to be seen of the others. */
const tooLong = 50;

/** Bars from zero to the median, all on one scale. A value that is too long for the scale has a number and no bar. */
export function barChart(plot, description) {
  const fitting = onScale(plot.bars);
  const axis = ticks(Math.max(...fitting.map(({ median, upper }) => Math.max(median, upper))));
  const valueOf = (bar) => (fitting.includes(bar) ? digits(bar.median) : `${digits(bar.median)}, beyond this scale`);
  const left = margin + widest(plot.bars.map(({ name }) => name)) + gap;
  const right = width - margin - gap - widest(fitting.map(valueOf));
  const x = (value) => left + (value / axis.at(-1)) * (right - left);
  const bottom = top + plot.bars.length * row;
  const rows = plot.bars.map((bar, index) => {
    const y = top + (index + 0.5) * row;
    const name = text(bar.name, left - gap, centred(y), { anchor: 'end' });
    const value = (end) => text(valueOf(bar), end + gap, centred(y));
    if (!fitting.includes(bar)) return [name, value(left)];
    return [name, barTo(x, left, y, bar), value(x(Math.max(bar.median, bar.upper)))];
  });
  return framed(
    {
      title: plot.title,
      subtitle: `${plot.unit}, less is better; a bar is the median, the line on its end goes from quartile to quartile`,
      description,
      height: bottom + 40,
    },
    [
      ...rows.flat(),
      line('axis', [left, top], [left, bottom]),
      line('axis', [left, bottom], [right, bottom]),
      ...axis.map((tick) => line('axis', [x(tick), bottom], [x(tick), bottom + serif])),
      ...axis.map((tick) => text(plain(tick), x(tick), bottom + 20, { kind: 'faint', anchor: 'middle' })),
    ],
  );
}

function barTo(x, left, y, { id, median, lower, upper }) {
  const [from, to] = [x(lower), x(upper)];
  return [
    `<rect class="${colourOf(id)}" x="${fixed(left)}" y="${fixed(y - thickness / 2)}" width="${fixed(x(median) - left)}" height="${thickness}"/>`,
    line('spread', [from, y], [to, y]),
    ...[from, to].map((end) => line('spread', [end, y - serif], [end, y + serif])),
  ].join('');
}

function onScale(bars) {
  const sorted = [...bars].sort((one, other) => one.median - other.median);
  while (sorted.length > 1 && sorted.at(-1).median > tooLong * sorted.at(-2).median) sorted.pop();
  return sorted;
}
