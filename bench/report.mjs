/** Writes the page: what was measured, on what, which goals are met, and the plots and figures beside it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as prettier from 'prettier';
import { description, svg } from './plot.mjs';

/**
 * Writes `benchmarks.md`, `benchmarks/*.svg` and, so that both can be written again, `benchmarks.json` into a directory.
 * `run` tells how it was measured: {date, quick, machine, load, seconds, present, absent}; `sections` are what the
 * measurements gave.
 */
export async function writeReport(directory, run, sections) {
  const plots = join(directory, 'benchmarks');
  rmSync(plots, { recursive: true, force: true });
  mkdirSync(plots, { recursive: true });
  for (const plot of sections.flatMap((section) => section.plots)) {
    writeFileSync(join(plots, `${plot.file}.svg`), svg(plot));
  }
  writeFileSync(join(directory, 'benchmarks.md'), await formatted('markdown', page(run, sections)));
  writeFileSync(join(directory, 'benchmarks.json'), await formatted('json', JSON.stringify({ run, sections })));
}

/** What `writeReport` has written into a directory: {run, sections}. */
export function readFigures(directory) {
  return JSON.parse(readFileSync(join(directory, 'benchmarks.json'), 'utf8'));
}

/** The page as Markdown, before prettier. */
export function page(run, sections) {
  return [head(run), goalTable(sections), misses(sections), ...sections.map(sectionText)].filter(Boolean).join('\n\n');
}

function head({ date, note, quick, machine, load, seconds, present, absent }) {
  const remarks = [quick && 'A quick run: few rounds, and no more than a hint.', note].filter(Boolean);
  const lines = [
    '# Benchmarks',
    `Made by \`npm run bench${quick ? ' -- --quick' : ''}\` on ${date} in ${Math.round(seconds)} s; not edited by hand.`,
    ...remarks,
    `${machine}. Load average at the beginning ${load[0]}, at the end ${load[1]}.`,
    'All starters are measured in the same run, in turns, after a round that does not count. Shown are medians; nothing is ' +
      'left out. The interval behind a ratio holds it in 95 of 100 runs (bootstrap).',
    list('Measured', present),
  ];
  if (absent.length > 0) lines.push(list('Not measured', absent));
  return lines.join('\n\n');
}

const list = (title, items) => `${title}:\n\n${items.map((item) => `- ${item}`).join('\n')}`;

function goalTable(sections) {
  const rows = allGoals(sections).map(({ text, limit, measured, met }) => [text, limit, measured, verdict(met)]);
  if (rows.length === 0) return '';
  return `## Goals\n\nRatios are to Perl's original in the same run unless said otherwise.\n\n${table({
    head: ['goal', 'wanted', 'measured', 'verdict'],
    rows,
  })}`;
}

function verdict(met) {
  if (met === undefined) return 'not measured';
  return met ? 'met' : '**missed**';
}

function misses(sections) {
  const missed = allGoals(sections).filter(({ met }) => met === false);
  if (missed.length === 0) return '';
  const reasons = missed.map(({ text, limit, measured, why }) =>
    `- ${text}: ${measured}, wanted ${limit}. ${why}`.trim(),
  );
  return `Missed, and why:\n\n${reasons.join('\n')}`;
}

const allGoals = (sections) => sections.flatMap(({ goals }) => goals);

function sectionText({ title, prose, tables, plots }) {
  const parts = [`## ${title}`, ...prose];
  for (const each of tables) parts.push([each.title && `${each.title}:`, table(each)].filter(Boolean).join('\n\n'));
  for (const plot of plots) parts.push(`![${plot.title}: ${description(plot)}](benchmarks/${plot.file}.svg)`);
  return parts.join('\n\n');
}

/** A Markdown table. */
export function table({ head, rows }) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

async function formatted(parser, text) {
  const options = await prettier.resolveConfig(join(import.meta.dirname, '..', 'docs', 'benchmarks.md'));
  return prettier.format(text, { ...options, parser });
}
