/** What it takes to become another image of start_server: at an upgrade, and awake from sleep. And what one that sleeps holds. */
import { readFileSync } from 'node:fs';
import { atMost, digits, milliseconds } from '../compare.mjs';
import { node } from '../floors.mjs';
import { asleep, threadsOf } from '../processes.mjs';
import { interleaved } from '../rounds.mjs';
import { Running } from '../running.mjs';
import { median, summary } from '../statistics.mjs';

export const name = 'handover';
export const rounds = { quick: 9, full: 61 };

const boots =
  'Nearly all of it is node, up to its first line of JavaScript: once from sleep, twice at an upgrade, the first time behind the launcher.';

const twice = (number) => number.toFixed(2);

export async function measure({ starters, rounds: count }) {
  const [superdaemon] = starters;
  const awake = new Running(superdaemon, ['--interval=0']);
  const sleeper = new Running(superdaemon, ['--interval=0', '--hibernate=0']);
  try {
    for (const running of [awake, sleeper]) await running.stamp('worker');
    const subjects = [
      { id: 'upgrade', name: 'USR2 to the end of the upgrade, its check included', floor: () => upgrade(awake) },
      { id: 'asleep', name: 'HUP to the first instruction of the new worker, asleep', floor: () => fromSleep(sleeper) },
      { id: 'awake', name: 'HUP to the first instruction of the new worker, awake', floor: () => restart(awake) },
      node,
    ];
    const samples = await interleaved(subjects, count, undefined);
    await asleep(sleeper);
    return page(subjects, samples, held(sleeper.pid), held(awake.pid));
  } finally {
    for (const running of [awake, sleeper]) await running.remove();
  }
}

function page(subjects, samples, sleeping, waking) {
  const boot = median(samples.get(node.id));
  const times = (id) => median(samples.get(id)) / boot;
  const rows = subjects.map(({ id, name: text }) => {
    const { count, median: middle, lower, upper } = summary(samples.get(id));
    return [text, digits(middle), `${digits(lower)} to ${digits(upper)}`, twice(times(id)), count];
  });
  const memory = (text, { rss, pss, threads }) => [text, rss, pss, threads];
  return {
    title: 'Upgrade in place, and sleep',
    prose: [
      'All take turns. The measure is the life of a bare node in the same run: an upgrade starts node twice, once to ask whether it ' +
        'could go on and once to go on; who sleeps starts it once.',
    ],
    tables: [
      { head: ['', 'median, ms', 'quartiles', 'times a bare node', 'samples'], rows },
      { head: ['', 'RSS, kB', 'PSS, kB', 'threads'], rows: [memory('asleep', sleeping), memory('awake', waking)] },
    ],
    plots: [],
    goals: [
      atMost('RSS asleep, in kB', sleeping.rss, 64, '', String),
      atMost('threads asleep', sleeping.threads, 1, '', String),
      atMost(
        'HUP to the first instruction of the new worker from sleep, in lives of a bare node',
        times('asleep'),
        1.3,
        boots,
        twice,
      ),
      atMost('USR2 to the end of the upgrade, in lives of a bare node', times('upgrade'), 2.6, boots, twice),
    ],
  };
}

async function upgrade(running) {
  const upgrades = () => running.output.match(/^upgraded from/gm)?.length ?? 0;
  const before = upgrades();
  const begun = Number(process.hrtime.bigint());
  running.signal('SIGUSR2');
  await running.until('the upgrade', () => upgrades() > before);
  return milliseconds(Number(process.hrtime.bigint()) - begun);
}

async function fromSleep(running) {
  await asleep(running);
  return restart(running);
}

async function restart(running) {
  const number = running.generations;
  const nanoseconds = await running.restart();
  await running.until('the end of the old worker', () => running.ends >= number);
  return milliseconds(nanoseconds);
}

/** In kB, as /proc tells it. */
function held(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  const kilobytes = (field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)[1]);
  return { rss: kilobytes('Rss'), pss: kilobytes('Pss'), threads: threadsOf(pid) };
}
