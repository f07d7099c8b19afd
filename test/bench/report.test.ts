import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { page, readFigures, table, writeReport } from '../../bench/report.mjs';
import { workspace } from '../helpers/place/workspace.js';

const run = {
  date: '2026-01-02',
  quick: false,
  machine: 'A machine',
  load: ['0.1', '0.2'],
  seconds: 61.4,
  present: ['superdaemon 1', "Perl's 0.35"],
  absent: ['a port: nobody named its binary'],
};

const section = {
  title: 'A number',
  prose: ['How it was measured.'],
  tables: [{ title: 'Times', head: ['', 'ms'], rows: [['ours', '1.0']] }],
  plots: [],
  goals: [
    { text: 'quick', limit: 'at most 1', measured: '0.5', met: true, why: 'never said' },
    { text: 'small', limit: 'at most 1', measured: '2.0', met: false, why: 'Because it is large.' },
    { text: 'compared', limit: 'at most 1', measured: 'not measured', why: 'never said' },
  ],
};

t.test('the page tells how it was made, what was measured and what was not', (t) => {
  const text = page(run, [section]);
  t.match(text, 'Made by `npm run bench` on 2026-01-02 in 61 s');
  t.match(text, 'A machine. Load average at the beginning 0.1, at the end 0.2.');
  t.match(text, "Measured:\n\n- superdaemon 1\n- Perl's 0.35");
  t.match(text, 'Not measured:\n\n- a port: nobody named its binary');
  t.notMatch(page({ ...run, absent: [] }, [section]), 'Not measured:');
  t.match(page({ ...run, quick: true }, [section]), /`npm run bench -- --quick`[^]*no more than a hint/);
  t.end();
});

t.test('each goal is met, missed or not measured, and a miss has its reason', (t) => {
  const text = page(run, [section]);
  t.match(text, '| quick | at most 1 | 0.5 | met |');
  t.match(text, '| small | at most 1 | 2.0 | **missed** |');
  t.match(text, '| compared | at most 1 | not measured | not measured |');
  t.match(text, '- small: 2.0, wanted at most 1. Because it is large.');
  t.notMatch(text, 'never said');
  t.end();
});

t.test('without goals there is no table of them', (t) => {
  t.notMatch(page(run, [{ ...section, goals: [] }]), '## Goals');
  t.end();
});

t.test('a cell cannot break a table', (t) => {
  t.equal(table({ head: ['a'], rows: [['x|y']] }), '| a |\n| --- |\n| x\\|y |');
  t.end();
});

const docs = join(import.meta.dirname, '../../docs');

/** All that a report consists of, by name. */
function filesOf(directory: string): Record<string, string> {
  const plots = readdirSync(join(directory, 'benchmarks')).map((name) => `benchmarks/${name}`);
  const names = ['benchmarks.md', 'benchmarks.json', ...plots];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}

t.test('the page and its plots are those of the stored figures, and are made from them again', async (t) => {
  const directory = workspace(t);
  const { run, sections } = readFigures(docs);
  await writeReport(directory, run, sections);
  t.same(filesOf(directory), filesOf(docs), 'after a change: npm run bench -- --redraw');
});
