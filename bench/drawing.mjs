/** Elements of an SVG file, and what all drawings have in common. */
import { digits } from './compare.mjs';

export const width = 720;
export const margin = 16;

const sizes = { title: 15, text: 13, faint: 12 };

/** For light and dark pages: every starter has one colour in all plots, and anything else is grey. */
const colours = {
  superdaemon: ['#0969da', '#58a6ff'],
  original: ['#bc4c00', '#f0883e'],
  lestrrat: ['#1a7f37', '#3fb950'],
  shogo: ['#8250df', '#a371f7'],
  other: ['#6e7781', '#8b949e'],
};

export function colourOf(id) {
  return Object.hasOwn(colours, id) ? id : 'other';
}

/** The drawing has a background of its own, so that it can be read where the page is dark and the system is not. */
const style =
  `text{font:${sizes.text}px system-ui,sans-serif}.title{font-size:${sizes.title}px;font-weight:bold}` +
  `.faint{font-size:${sizes.faint}px}polyline,.key{fill:none;stroke-width:2}.dashed{stroke-dasharray:5 4}.spread{stroke-width:1.5}` +
  `${scheme(0)}@media(prefers-color-scheme:dark){${scheme(1)}}`;

function scheme(index) {
  const one = (...both) => both[index];
  const ofStarters = Object.entries(colours).map(
    ([name, { [index]: colour }]) =>
      `rect.${name},circle.${name}{fill:${colour}}polyline.${name},.key.${name}{stroke:${colour}}`,
  );
  return (
    `.ground{fill:${one('#ffffff', '#0d1117')};stroke:${one('#d1d9e0', '#30363d')}}` +
    `text{fill:${one('#1f2328', '#e6edf3')}}.faint{fill:${one('#59636e', '#9198a1')}}` +
    `.axis{stroke:${one('#6e7781', '#8b949e')}}.grid{stroke:${one('#d1d9e0', '#30363d')}}` +
    `.spread{stroke:${one('#1f2328', '#e6edf3')}}${ofStarters.join('')}`
  );
}

/** The whole file around its parts. */
export function framed({ title, subtitle, description, height }, parts) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${style}</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    text(title, margin, 28, { kind: 'title' }),
    text(subtitle, margin, 48, { kind: 'faint' }),
    ...parts,
    '</svg>\n',
  ].join('\n');
}

/** `y` is the line that the letters stand on. */
export function text(words, x, y, { kind = 'text', anchor = 'start' } = {}) {
  const look = kind === 'text' ? '' : ` class="${kind}"`;
  return `<text${look} x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

/** The letters of a line of text in the middle of `y`. */
export const centred = (y, kind = 'text') => y + sizes[kind] * 0.36;

/** An upper limit for the width of a text, whichever of the usual fonts is used. */
export function widthOf(words, kind = 'text') {
  return words.length * sizes[kind] * 0.65;
}

export const widest = (texts, kind) => Math.max(...texts.map((words) => widthOf(words, kind)));

export function line(kind, [x1, y1], [x2, y2]) {
  return `<line class="${kind}" x1="${fixed(x1)}" y1="${fixed(y1)}" x2="${fixed(x2)}" y2="${fixed(y2)}"/>`;
}

export function fixed(number) {
  return number.toFixed(2).replace(/\.?0+$/, '');
}

/** A number at an axis, without digits that say nothing. */
export const plain = (number) => number.toLocaleString('en', { maximumSignificantDigits: 6 });

/** Numbers as in the tables. */
export { digits };

function escaped(words) {
  return words.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
