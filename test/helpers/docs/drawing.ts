/** Where everything is in one of our SVG files. */
import { textWidth } from './text-width.js';

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type Point = readonly [x: number, y: number];

export interface Drawing {
  readonly size: { readonly width: number; readonly height: number };
  /** `middle`: the middle of capital letters and digits, which is above the middle of the box. */
  readonly texts: readonly (Box & { readonly words: string; readonly look: string; readonly middle: number })[];
  /** The background does not count as a bar. */
  readonly bars: readonly (Box & { readonly look: string })[];
  /** Every straight stroke. */
  readonly strokes: readonly { readonly look: string; readonly from: Point; readonly to: Point }[];
  /** The look of every curve. */
  readonly curves: readonly { readonly look: string; readonly points: readonly Point[] }[];
}

/** Size and weight of the letters of each class. */
const letters: Readonly<Record<string, readonly [size: number, bold: boolean]>> = {
  title: [15, true],
  faint: [12, false],
  '': [13, false],
};

export function drawing(svg: string): Drawing {
  const curves = elements(svg, 'polyline').map(({ look, value }) => ({ look, points: pointsOf(value('points')) }));
  return {
    size: sizeOf(svg),
    texts: elements(svg, 'text').map(({ look, number, value, words }) => {
      const [size, isBold] = letters[look] ?? [NaN, false];
      const shift = { start: 0, middle: 0.5, end: 1 }[value('text-anchor')] ?? NaN;
      const width = textWidth(words, size, isBold);
      const left = number('x') - shift * width;
      const base = number('y');
      const heights = { top: base - 0.76 * size, middle: base - 0.36 * size, bottom: base + 0.24 * size };
      return { words, look, left, right: left + width, ...heights };
    }),
    bars: elements(svg, 'rect')
      .filter(({ look }) => look !== 'ground')
      .map(({ look, number }) => ({
        look,
        left: number('x'),
        right: number('x') + number('width'),
        top: number('y'),
        bottom: number('y') + number('height'),
      })),
    strokes: [
      ...elements(svg, 'line').map(({ look, number }) => {
        const [from, to]: [Point, Point] = [
          [number('x1'), number('y1')],
          [number('x2'), number('y2')],
        ];
        return { look, from, to };
      }),
      ...curves.flatMap(({ look, points }) =>
        points.slice(1).map((to, index) => ({ look, from: points[index] ?? to, to })),
      ),
    ],
    curves,
  };
}

function sizeOf(svg: string) {
  const [, width, height] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
}

function elements(svg: string, name: string) {
  return Array.from(svg.matchAll(new RegExp(`<${name}( [^>]*?)/?>([^<]*)`, 'g')), ([, attributes = '', inner = '']) => {
    const value = (key: string) => new RegExp(` ${key}="([^"]*)"`).exec(attributes)?.[1] ?? '';
    const words = inner.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
    return { look: value('class'), value, number: (key: string) => Number(value(key)), words };
  });
}

function pointsOf(list: string): Point[] {
  return list.split(' ').map((pair) => {
    const [x, y] = pair.split(',').map(Number);
    return [x ?? NaN, y ?? NaN];
  });
}

export function isWithin(inner: Box, outer: Box): boolean {
  return (
    inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom
  );
}

export function overlap(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

/** Whether a stroke goes through a box: some of its points do, a pixel apart. */
export function crosses({ from, to }: Drawing['strokes'][number], box: Box): boolean {
  const steps = Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]));
  for (let step = 0; step <= steps; step++) {
    const share = steps === 0 ? 0 : step / steps;
    const [x, y] = [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
    if (x > box.left && x < box.right && y > box.top && y < box.bottom) return true;
  }
  return false;
}
