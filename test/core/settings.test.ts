import t from 'tap';
import { optionTable, type Options } from '../../src/core/command-line/option-table.js';
import {
  autoRestartDefault,
  optionEnvironment,
  ownSettings,
  settingsIn,
} from '../../src/core/command-line/settings.js';

const none: Options = { port: [], path: [] };
const signals = { signalOnHup: { name: 'USR1', number: 10 }, signalOnTerm: { name: 'TERM', number: 15 } };
const settings = (environment: Readonly<Record<string, string>>, options = none) =>
  settingsIn(ownSettings(options, signals), (name) => environment[name]);

t.same(settings({}), {
  interval: 1,
  killOldDelay: { text: '0', seconds: 0 },
  autoRestart: undefined,
  ...signals,
});

t.test('what goes beyond the original is absent, or as it was given', (t) => {
  const options: Options = {
    ...none,
    startTimeout: { text: '30', number: 30 },
    stopTimeout: { text: '0', number: 0 },
    maxFailures: { text: '3', number: 3 },
    maxPause: { text: '30', number: 30 },
    processGroup: true,
  };
  t.match(ownSettings(options, { ...signals, readiness: 'fd' }), {
    readiness: 'fd',
    startTimeout: { text: '30', seconds: 30 },
    stopTimeout: { text: '0', seconds: 0 },
    maxFailures: 3,
    maxPause: 30,
    processGroup: true,
  });
  t.end();
});

t.test('interval', (t) => {
  t.equal(settings({}, { ...none, interval: { text: '0', number: 0 } }).interval, 0);
  t.equal(settings({}, { ...none, interval: { text: '1e+20', number: 1e20 } }).interval, 1e9, 'long, and not negative');
  t.end();
});

const delays: readonly (readonly [string, number])[] = [
  ['0', 0],
  ['3', 3],
  ['-1', -1],
  ['', 0],
  ['abc', 0],
  ['1.5', 1.5],
  [' 2', 2],
  ['2x', 2],
  ['inf', 1e9],
  ['-inf', -1e9],
  ['1e400', 1e9],
  ['nan', -1],
  ['1.#IND', -1],
];
t.test('kill-old-delay: the text as it is, the number that Perl sees in it', (t) => {
  for (const [text, seconds] of delays) t.same(settings({ KILL_OLD_DELAY: text }).killOldDelay, { text, seconds });
  t.same(settings({ ENABLE_AUTO_RESTART: '1' }).killOldDelay, { text: '5', seconds: 5 });
  t.same(settings({ ENABLE_AUTO_RESTART: '1', KILL_OLD_DELAY: '' }).killOldDelay, { text: '', seconds: 0 });
  t.end();
});

t.test('auto restart', (t) => {
  for (const off of ['', '0']) t.equal(settings({ ENABLE_AUTO_RESTART: off }).autoRestart, undefined);
  for (const on of ['1', 'no', 'false', '00']) {
    t.same(settings({ ENABLE_AUTO_RESTART: on }).autoRestart, { text: '360', seconds: 360 });
  }
  const intervals: readonly (readonly [string, string, number])[] = [
    ['', '360', 360],
    ['0', '360', 360],
    ['00', '00', 0],
    ['abc', 'abc', 0],
    ['-1', '-1', -1],
    ['1.5', '1.5', 1.5],
    ['inf', 'inf', 1e9],
    ['1e400', '1e400', 1e9],
    ['-inf', '-inf', -1e9],
    ['nan', 'nan', 1e9],
    ['-NaN', '-NaN', 1e9],
  ];
  for (const [value, text, seconds] of intervals) {
    t.same(settings({ ENABLE_AUTO_RESTART: '1', AUTO_RESTART_INTERVAL: value }).autoRestart, { text, seconds });
  }
  t.end();
});

t.test('the interval that workers see though nobody gave one', (t) => {
  const put = (environment: Readonly<Record<string, string>>) => autoRestartDefault((name) => environment[name]);
  t.equal(put({ ENABLE_AUTO_RESTART: '1' }), '360');
  t.equal(put({ ENABLE_AUTO_RESTART: '1', AUTO_RESTART_INTERVAL: '0' }), '360');
  t.equal(put({ ENABLE_AUTO_RESTART: '1', AUTO_RESTART_INTERVAL: '7' }), undefined);
  t.equal(put({ ENABLE_AUTO_RESTART: '0' }), undefined);
  t.end();
});

t.test('variables set by options', (t) => {
  t.same(optionEnvironment(none), new Map());
  const all: Options = {
    ...none,
    envdir: '',
    enableAutoRestart: true,
    killOldDelay: { text: '1000', number: 1000 },
    autoRestartInterval: { text: '1e+20', number: 1e20 },
  };
  t.same(Object.fromEntries(optionEnvironment(all)), {
    ENVDIR: '',
    ENABLE_AUTO_RESTART: '1',
    KILL_OLD_DELAY: '1000',
    AUTO_RESTART_INTERVAL: '1e+20',
  });
  const documented = optionTable.flatMap((row) => ('variable' in row ? [row.variable] : []));
  t.same([...optionEnvironment(all).keys()].sort(), documented.sort(), 'they are those of the table');
  t.end();
});
