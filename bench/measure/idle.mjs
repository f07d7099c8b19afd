/** What a start_server does while nothing happens. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { atMost } from '../compare.mjs';
import { cpuOf, threadsOf } from '../processes.mjs';
import { Running } from '../running.mjs';

export const name = 'idle';
/** Seconds. */
export const rounds = { quick: 4, full: 60 };

/** Milliseconds. Memory is given back, for the last time 20 s after an event. */
const untilNothingHappens = 22_000;

const modes = [
  { mode: 'without auto restart', options: [] },
  { mode: 'with auto restart', options: ['--enable-auto-restart'] },
];

export async function measure({ starters, rounds: seconds }) {
  const subjects = modes.flatMap(({ mode, options }) => starters.map((starter) => ({ starter, mode, options })));
  const results = await Promise.all(subjects.map((subject) => idle(subject, seconds)));
  const [plain, automatic] = modes.map(({ mode }) => {
    const [own] = results.filter((result) => result.starter.id === 'superdaemon' && result.mode === mode);
    return own;
  });
  return {
    title: 'Idle',
    prose: [
      `strace on all threads of each start_server, for ${seconds} s at the same time, when its worker has passed its probation.`,
    ],
    tables: [
      {
        head: ['', '', `system calls in ${seconds} s`, 'CPU time, ms', 'threads'],
        rows: results.map(({ starter, mode, calls, cpu, threads }) => [starter.name, mode, calls, cpu, threads]),
      },
    ],
    plots: [],
    goals: [
      atMost(`system calls in ${seconds} s without auto restart`, plain.calls, 0, '', String),
      atMost('ticks a second with auto restart', automatic.wakes / seconds, 1, 'Each tick is several calls.'),
      atMost('CPU time while idle, in ms', plain.cpu, 0, '', String),
    ],
  };
}

async function idle({ starter, mode, options }, seconds) {
  const running = new Running(starter, ['--interval=1', ...options]);
  const directory = mkdtempSync(join(tmpdir(), 'superdaemon-bench-'));
  const trace = join(directory, 'trace');
  try {
    await running.stamp('worker');
    await pause(untilNothingHappens);
    const strace = spawn('strace', ['-f', '-o', trace, '-p', String(running.pid)], { stdio: 'ignore' });
    const ended = once(strace, 'exit');
    await pause(1000); // strace shows the call that each thread is in when it arrives
    const before = { calls: callsIn(trace), cpu: cpuOf(running.pid) };
    await pause(seconds * 1000);
    const after = { calls: callsIn(trace), cpu: cpuOf(running.pid) };
    const threads = threadsOf(running.pid);
    strace.kill('SIGINT');
    await ended;
    const calls = after.calls.slice(before.calls.length);
    const wakes = calls.filter((call) => /epoll_p?wait|select|nanosleep|wait4|futex/.test(call)).length;
    return { starter, mode, calls: calls.length, wakes, cpu: after.cpu - before.cpu, threads };
  } finally {
    rmSync(directory, { recursive: true, force: true });
    await running.remove();
  }
}

function callsIn(trace) {
  return readFileSync(trace, 'latin1').split('\n').filter(Boolean);
}
