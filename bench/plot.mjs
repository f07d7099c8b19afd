/** Plots as SVG, by hand: readable in light and dark, and with a title and a description for those who cannot see them. */

const width = 720;
const left = 190;
const right = 90;
const colours = ['#3b82f6', '#f59e0b', '#10b981', '#ef4444', '#8b5cf6', '#6b7280'];

const style =
  'text{font:13px system-ui,sans-serif;fill:#1f2328}.axis{stroke:#8b949e;fill:none}.faint{fill:#656d76}' +
  '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.faint{fill:#9198a1}}';

/** The text of an SVG file, of what bench/compare.mjs and the measurements call a plot. */
export function svg(plot) {
  return plot.type === 'bars' ? barChart(plot) : lineChart(plot);
}

/** What a screen reader says of a plot. */
export function description(plot) {
  if (plot.type === 'bars') {
    return plot.bars.map(({ name, median }) => `${name} ${shortened(median)} ${plot.unit}`).join(', ');
  }
  return plot.lines
    .map(({ name, points }) => {
      const [[fromX, fromY], [toX, toY]] = [points[0], points.at(-1)];
      return `${name}: ${shortened(fromY)} ${plot.unit} at ${fromX}, ${shortened(toY)} at ${toX} ${plot.label}`;
    })
    .join('; ');
}

/** Bars up to the median; beyond a factor of 20 the longest are cut, and say so. */
function barChart(plot) {
  const row = 34;
  const medians = plot.bars.map(({ median }) => median);
  const second = Math.max(...medians.filter((each) => each <= 20 * Math.min(...medians.filter((one) => one > 0))));
  const longest = Math.min(Math.max(...plot.bars.map(({ upper }) => upper)), second * 1.5);
  const x = (value) => left + (Math.min(value, longest) / longest) * (width - left - right);
  const rows = plot.bars.map(({ name, median, lower, upper }, index) => {
    const y = 44 + index * row;
    const cut = median > longest ? ' (cut)' : '';
    return (
      `<text x="${left - 10}" y="${y + 15}" text-anchor="end">${escaped(name)}</text>` +
      `<rect x="${left}" y="${y}" width="${fixed(x(median) - left)}" height="20" fill="${colours[index % colours.length]}"/>` +
      `<path class="axis" d="M${fixed(x(lower))} ${y + 10}H${fixed(x(upper))}"/>` +
      `<text x="${fixed(Math.max(x(median), x(upper)) + 8)}" y="${y + 15}">${shortened(median)}${cut}</text>`
    );
  });
  return framed(plot, 54 + plot.bars.length * row, rows);
}

/** Lines through points, both axes from zero. */
function lineChart(plot) {
  const [top, height] = [60, 320];
  const all = plot.lines.flatMap(({ points }) => points);
  const [maxX, maxY] = [0, 1].map((axis) => Math.max(...all.map((point) => point[axis])) || 1);
  const x = (value) => fixed(left + (value / maxX) * (width - left - right));
  const y = (value) => fixed(top + (1 - value / maxY) * (height - top - 50));
  const ticks = [0, 0.5, 1].flatMap((share) => [
    `<text class="faint" x="${left - 8}" y="${y(share * maxY)}" text-anchor="end">${shortened(share * maxY)}</text>`,
    `<text class="faint" x="${x(share * maxX)}" y="${height - 30}" text-anchor="middle">${shortened(share * maxX)}</text>`,
  ]);
  const lines = plot.lines.map(({ name, points }, index) => {
    const colour = colours[index % colours.length];
    const [lastX, lastY] = points.at(-1);
    const dots = points.map(([px, py]) => `<circle cx="${x(px)}" cy="${y(py)}" r="3" fill="${colour}"/>`).join('');
    return (
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.map(([px, py]) => `${x(px)},${y(py)}`).join(' ')}"/>` +
      `${dots}<text x="${x(lastX)}" y="${fixed(Number(y(lastY)) - 8)}" text-anchor="end">${escaped(name)}</text>`
    );
  });
  const axes = `<path class="axis" d="M${left} ${top}V${height - 50}H${width - right}"/>`;
  const label = `<text class="faint" x="${(left + width - right) / 2}" y="${height - 10}" text-anchor="middle">${escaped(plot.label)}</text>`;
  return framed(plot, height, [axes, ...ticks, ...lines, label]);
}

function framed(plot, height, parts) {
  const title = `${plot.title} (${plot.unit})`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">\n` +
    `<title id="title">${escaped(title)}</title>\n` +
    `<desc id="description">${escaped(description(plot))}</desc>\n` +
    `<style>${style}</style>\n` +
    `<text x="16" y="24" font-weight="bold">${escaped(title)}</text>\n` +
    `${parts.join('\n')}\n</svg>\n`
  );
}

const fixed = (number) => number.toFixed(1).replace(/\.0$/, '');

function shortened(number) {
  if (Math.abs(number) >= 100) return number.toFixed(0);
  return number.toPrecision(3).replace(/\.?0+$/, '');
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
