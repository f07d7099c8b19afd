import { ticks } from './axis.mjs';
import { centred, colourOf, digits, fixed, framed, line, margin, plain, text, widest, width } from './drawing.mjs';

const top = 72;
const height = 340;
const bottom = height - 56;
const gap = 10;
/** The coloured stroke before a name. */
const key = 18;
/** Between two names. */
const apart = 18;

/** Lines through points, both axes from zero; their names stand beside them. */
export function lineChart(plot, description) {
  const all = plot.lines.flatMap(({ points }) => points);
  const [along, up] = [0, 1].map((axis) => ticks(Math.max(...all.map((point) => point[axis]))));
  const left = margin + widest(up.map(plain), 'faint') + gap;
  const right = width - margin - widest(plot.lines.map(nameOf)) - key - 2 * gap;
  const x = (value) => left + (value / along.at(-1)) * (right - left);
  const y = (value) => bottom - (value / up.at(-1)) * (bottom - top);
  const looks = plot.lines.map((each, index) => lookOf(each, plot.lines.slice(0, index)));
  const names = spread(plot.lines.map(({ points }) => y(points.at(-1)[1])));
  return framed(
    { title: plot.title, subtitle: [plot.unit, plot.what].filter(Boolean).join(', '), description, height },
    [
      ...up.slice(1).map((tick) => line('grid', [left, y(tick)], [right, y(tick)])),
      ...up.map((tick) => text(plain(tick), left - gap, centred(y(tick), 'faint'), { kind: 'faint', anchor: 'end' })),
      ...along.map((tick) => line('axis', [x(tick), bottom], [x(tick), bottom + 4])),
      ...along.map((tick) => text(plain(tick), x(tick), bottom + 20, { kind: 'faint', anchor: 'middle' })),
      text(plot.label, (left + right) / 2, bottom + 42, { kind: 'faint', anchor: 'middle' }),
      line('axis', [left, top], [left, bottom]),
      line('axis', [left, bottom], [right, bottom]),
      ...plot.lines.map((each, index) => curve(each, looks[index], x, y)),
      ...plot.lines.flatMap((each, index) => [
        line(`key ${looks[index]}`, [right + gap, names[index]], [right + gap + key, names[index]]),
        text(nameOf(each), right + key + 2 * gap, centred(names[index])),
      ]),
    ],
  );
}

const nameOf = ({ name, points }) => `${name} ${digits(points.at(-1)[1])}`;

/** The second line of a starter is dashed. */
function lookOf({ id }, before) {
  return colourOf(id) + (before.some((other) => other.id === id) ? ' dashed' : '');
}

function curve({ points }, look, x, y) {
  const places = points.map(([across, up]) => [x(across), y(up)].map(fixed));
  const dots = places.map(([cx, cy]) => `<circle class="${look}" cx="${cx}" cy="${cy}" r="3"/>`);
  return `<polyline class="${look}" points="${places.map((place) => place.join()).join(' ')}"/>${dots.join('')}`;
}

/** The heights, moved up where one would come too near to the next below. */
function spread(heights) {
  const spaced = [...heights];
  const fromBelow = heights.map((_, index) => index).sort((one, other) => heights[other] - heights[one]);
  for (const [place, index] of fromBelow.entries()) {
    if (place > 0) spaced[index] = Math.min(spaced[index], spaced[fromBelow[place - 1]] - apart);
  }
  return spaced;
}
