/** Plots as SVG, by hand: readable in light and dark, and with a title and a description for those who cannot see them. */
import { barChart } from './bar-chart.mjs';
import { digits, plain } from './drawing.mjs';
import { lineChart } from './line-chart.mjs';

/** The text of an SVG file, of what bench/compare.mjs and the measurements call a plot. */
export function svg(plot) {
  const draw = plot.type === 'bars' ? barChart : lineChart;
  return draw(plot, description(plot));
}

/** What a screen reader says of a plot. */
export function description(plot) {
  if (plot.type === 'bars') {
    return plot.bars.map(({ name, median }) => `${name} ${digits(median)} ${plot.unit}`).join('; ');
  }
  return plot.lines
    .map(({ name, points }) => {
      const [from, to] = [points[0], points.at(-1)].map(
        ([across, up]) => `${digits(up)} ${plot.unit} (${plot.label}: ${plain(across)})`,
      );
      return `${name} from ${from} to ${to}`;
    })
    .join('; ');
}
