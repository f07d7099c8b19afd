import t from 'tap';
import { description, svg, type Plot } from '../../bench/plot.mjs';

const bars: Plot = {
  type: 'bars',
  file: 'x',
  title: 'Time & <space>',
  unit: 'ms',
  bars: [
    { name: 'ours', median: 2, lower: 1.5, upper: 3 },
    { name: "Perl's", median: 4, lower: 3, upper: 5 },
    { name: 'slow', median: 1000, lower: 990, upper: 1010 },
  ],
};

const lines: Plot = {
  type: 'curve',
  file: 'y',
  title: 'Growth',
  unit: 'MB',
  label: 'generation',
  lines: [{ name: 'RSS', points: [[1, 40], [1000, 44]] }], // prettier-ignore
};

/** The numbers of an attribute, in order. */
function numbers(text: string, element: string, attribute: string): number[] {
  const pattern = new RegExp(`<${element}[^>]* ${attribute}="([^"]*)"`, 'g');
  return Array.from(text.matchAll(pattern), ([, value]) => Number(value));
}

t.test('whoever cannot see a plot is told what it shows', (t) => {
  for (const plot of [bars, lines]) {
    const text = svg(plot);
    t.match(text, /^<svg [^>]*role="img" aria-labelledby="title description"/);
    t.match(text, /<title id="title">[^<]+\((?:ms|MB)\)<\/title>/);
    t.match(text, /<desc id="description">[^<]+<\/desc>/);
    t.match(text, 'prefers-color-scheme:dark');
  }
  t.equal(description(bars), "ours 2 ms, Perl's 4 ms, slow 1000 ms");
  t.equal(description(lines), 'RSS: 40 MB at 1, 44 at 1000 generation');
  t.end();
});

t.test('a title cannot break the file', (t) => {
  t.match(svg(bars), '<title id="title">Time &#38; &#60;space&#62; (ms)</title>');
  t.end();
});

t.test('a bar is as long as its median; one that would hide the others is cut and says so', (t) => {
  const [ours = 0, perls = 0, slow = 0] = numbers(svg(bars), 'rect', 'width');
  t.equal(Math.round((perls / ours) * 100), 200);
  t.ok(slow < 2 * perls);
  t.match(svg(bars), '1000 (cut)');
  t.end();
});

t.test('a line goes through its points, from zero', (t) => {
  const text = svg(lines);
  const [first = 0, second = 0] = numbers(text, 'circle', 'cy');
  t.ok(second < first, 'more is higher');
  t.ok(first < 100, '40 of 44 is near the top');
  t.end();
});
