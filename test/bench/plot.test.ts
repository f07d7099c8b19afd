import { join } from 'node:path';
import t from 'tap';
import { description, svg, type Bars, type Curve, type Plot } from '../../bench/plot.mjs';
import { readFigures } from '../../bench/report.mjs';
import { crosses, drawing, isWithin, overlap } from '../helpers/docs/drawing.js';

const bars: Bars = {
  type: 'bars',
  file: 'x',
  title: 'Time & <space>',
  unit: 'ms',
  bars: [
    { id: 'superdaemon', name: 'ours', median: 2, lower: 1.5, upper: 3 },
    { id: 'original', name: "Perl's", median: 41, lower: 40, upper: 41 },
    { id: 'shogo', name: 'slow', median: 10_000, lower: 9900, upper: 10_100 },
  ],
};

const curve: Curve = {
  type: 'curve',
  file: 'y',
  title: 'Growth',
  unit: 'MB',
  label: 'generation',
  lines: [
    { id: 'superdaemon', name: 'RSS', points: [[1, 40], [1000, 44]] }, // prettier-ignore
    { id: 'original', name: 'RSS of another', points: [[1, 40], [1000, 43.9]] }, // prettier-ignore
    { id: 'superdaemon', name: 'private', points: [[1, 4], [1000, 4.4]] }, // prettier-ignore
  ],
};

/** Names and numbers as long as they get, and as short; lines that end at one point. */
const extremes: Plot[] = [
  {
    ...bars,
    bars: [{ id: 'node', name: 'a program that is more than slow', median: 123_456, lower: 1, upper: 123_456 }],
  },
  { ...bars, bars: bars.bars.map((bar) => ({ ...bar, median: 0.001, lower: 0, upper: 0.002 })) },
  { ...bars, bars: bars.bars.map((bar) => ({ ...bar, median: 0, lower: 0, upper: 0 })) },
  { ...curve, lines: ['a', 'b', 'c', 'd'].map((name) => ({ id: name, name, points: [[1, 2]] })) }, // prettier-ignore
  { ...curve, lines: curve.lines.map((line) => ({ ...line, points: [[1, 0], [2, 0]] })) }, // prettier-ignore
];

const measured = readFigures(join(import.meta.dirname, '../../docs')).sections.flatMap(({ plots }) => plots);
const every = [...measured, bars, curve, ...extremes];

t.test('whoever cannot see a plot is told what it shows', (t) => {
  for (const plot of every) {
    const text = svg(plot);
    t.match(text, /^<svg [^>]*role="img" aria-labelledby="title description"/);
    t.match(text, /<title id="title">[^<]+<\/title>/);
    t.match(text, /<desc id="description">[^<]+<\/desc>/);
  }
  t.equal(description(bars), "ours 2.00 ms; Perl's 41.0 ms; slow 10000 ms");
  t.match(description(curve), /^RSS from 40.0 MB \(generation: 1\) to 44.0 MB \(generation: 1,000\); /);
  t.end();
});

t.test('a title cannot break the file', (t) => {
  t.match(svg(bars), '<title id="title">Time &#38; &#60;space&#62;</title>');
  t.end();
});

/** What is wrong with the texts of a plot, in words. */
function faultsOfTexts(plot: Plot): string[] {
  const { size, texts, bars, strokes } = drawing(svg(plot));
  const sheet = { left: 0, top: 0, right: size.width, bottom: size.height };
  return texts.flatMap((one, index) => [
    ...(isWithin(one, sheet) ? [] : [`${one.words} is clipped`]),
    ...texts.slice(index + 1).flatMap((other) => (overlap(one, other) ? [`${one.words} is over ${other.words}`] : [])),
    ...bars.flatMap((bar) => (overlap(one, bar) ? [`${one.words} is over a bar`] : [])),
    ...strokes.flatMap((stroke) => (crosses(stroke, one) ? [`${one.words} has ${stroke.look} through it`] : [])),
  ]);
}

t.test('no text is clipped, struck through, or over another', (t) => {
  for (const plot of every) {
    t.ok(drawing(svg(plot)).texts.length > 5, `${plot.title}: texts were found`);
    t.same(faultsOfTexts(plot), [], plot.title);
  }
  t.end();
});

const near = (one: number, other: number) => Math.abs(one - other) < 0.6;

/** The numbers of an axis with their places: along the bottom, or up the left side. */
function ticks(plot: Plot, side: 'along' | 'up'): { value: number; at: number }[] {
  const { texts } = drawing(svg(plot));
  const numbers = texts.filter(({ look, words }) => look === 'faint' && /^[\d.,]+$/.test(words));
  const lowest = Math.max(...numbers.map(({ bottom }) => bottom));
  return numbers
    .filter(({ bottom }) => (bottom === lowest) === (side === 'along'))
    .map(({ words, left, right, middle }) => ({
      value: Number(words.replaceAll(',', '')),
      at: side === 'along' ? (left + right) / 2 : -middle,
    }));
}

t.test('axes begin at zero, end at a round number, and their ticks are equal steps', (t) => {
  for (const plot of every)
    for (const axis of plot.type === 'bars' ? [ticks(plot, 'along')] : [ticks(plot, 'along'), ticks(plot, 'up')]) {
      const steps = axis.slice(1).map(({ value, at }, index) => (at - (axis[index]?.at ?? NaN)) / value);
      t.equal(axis[0]?.value, 0, plot.title);
      t.ok(axis.length >= 2 && axis.length <= 6, 'few ticks');
      t.match(String(axis[1]?.value).replace(/^0\.0*/, ''), /^(1|2|25|5)0*$|^2\.5$/, 'a round step');
      t.ok(steps.every((step) => step > 0));
      for (const { value, at } of axis) t.ok(near(at, bindingOf(axis, value)), 'in proportion');
    }
  t.end();
});

/** Where a value is by the first and last tick. */
function bindingOf(axis: readonly { value: number; at: number }[], value: number): number {
  const [first, last] = [axis[0], axis.at(-1)];
  if (first === undefined || last === undefined) return NaN;
  return first.at + (value / last.value) * (last.at - first.at);
}

t.test('a bar is as long as its median on the axis; what is too long for the others has none, and says so', (t) => {
  for (const plot of every) {
    if (plot.type !== 'bars') continue;
    const axis = ticks(plot, 'along');
    const drawn = drawing(svg(plot)).bars;
    const shown = plot.bars.filter(({ median }) => median <= (axis.at(-1)?.value ?? NaN));
    t.equal(drawn.length, shown.length, plot.title);
    for (const [index, { median }] of shown.entries()) {
      t.ok(near(drawn[index]?.left ?? NaN, bindingOf(axis, 0)), 'from zero');
      t.ok(near(drawn[index]?.right ?? NaN, bindingOf(axis, median)), `to ${String(median)}`);
    }
    t.equal(svg(plot).split('beyond this scale').length - 1, plot.bars.length - shown.length);
  }
  t.match(svg(bars), '>10000, beyond this scale<');
  t.end();
});

t.test('twenty times as long is drawn twenty times as long', (t) => {
  const [ours, perls] = drawing(svg(bars)).bars.map(({ left, right }) => right - left);
  t.equal(Math.round(((perls ?? NaN) / (ours ?? NaN)) * 10), 205);
  t.end();
});

t.test('a line goes through its points', (t) => {
  for (const plot of every) {
    if (plot.type !== 'curve') continue;
    const [along, up] = [ticks(plot, 'along'), ticks(plot, 'up')];
    for (const [index, { points }] of drawing(svg(plot)).curves.entries())
      for (const [place, [x, y]] of points.entries()) {
        const [across = NaN, high = NaN] = plot.lines[index]?.points[place] ?? [];
        t.ok(near(x, bindingOf(along, across)) && near(-y, bindingOf(up, high)), `${plot.title}: ${String(across)}`);
      }
  }
  t.end();
});

t.test('a starter has one colour, in every plot', (t) => {
  const looks = new Map<string, Set<string>>();
  for (const plot of every) {
    const { bars, curves } = drawing(svg(plot));
    const marks = plot.type === 'bars' ? bars : curves;
    const subjects = plot.type === 'bars' ? plot.bars.slice(0, marks.length) : plot.lines;
    for (const [index, { id }] of subjects.entries()) {
      const [colour = ''] = marks[index]?.look.split(' ') ?? [];
      looks.set(id, (looks.get(id) ?? new Set()).add(colour));
    }
  }
  for (const id of ['superdaemon', 'original', 'lestrrat']) t.same([...(looks.get(id) ?? [])], [id]);
  t.equal(drawing(svg(curve)).curves[2]?.look, 'superdaemon dashed', 'its second line is told by its stroke');
  t.end();
});

/** Relative luminance, of WCAG 2. */
function luminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

t.test('it can be read in light and dark', (t) => {
  const [light = '', dark = ''] = svg(bars).split('@media(prefers-color-scheme:dark)');
  for (const scheme of [light, dark]) {
    const colourOf = (selector: string) => new RegExp(`${selector}\\{\\w+:(#\\w{6})`).exec(scheme)?.[1] ?? '';
    const contrast = (selector: string) => {
      const both = ['\\.ground', selector].map((each) => luminance(colourOf(each)) + 0.05);
      return Math.max(...both) / Math.min(...both);
    };
    for (const selector of ['\\}text', '\\.faint']) t.ok(contrast(selector) > 4.5, selector);
    for (const id of ['superdaemon', 'original', 'lestrrat', 'shogo', 'other'])
      t.ok(contrast(`rect\\.${id},circle\\.${id}`) > 3, id);
  }
  t.end();
});
