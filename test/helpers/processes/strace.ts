import { spawn, spawnSync } from 'node:child_process';
import type { Test } from 'tap';
import { eventually } from '../eventually.js';

/**
 * Why system calls cannot be made slow here, for tap's `skip`; false where they can. The tests look for x86-64's call
 * numbers in /proc/PID/syscall.
 */
export const withoutStrace: string | false = reason();

function reason(): string | false {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'strace is used on x86-64 Linux only';
  const [command = '', ...words] = slowed('chdir:delay_enter=1');
  const { status, error } = spawnSync(command, [...words, 'true'], { stdio: 'ignore' });
  if (status === 0) return false;
  return error === undefined ? 'strace may not trace here' : 'strace is not installed';
}

/**
 * Words before a command that make system calls of it and its children slow, as `listen:delay_enter=500000`, in
 * microseconds, or have them refused, as `execve:error=ENOMEM:when=1`. With -D the command itself is our child, and its
 * own execve does not count.
 */
export function slowed(...injections: readonly string[]): string[] {
  return ['strace', '-D', '-f', '-o', '/dev/null', ...injections.flatMap((call) => ['-e', `inject=${call}`])];
}

/**
 * Has a call of the main thread of a process refused, from now until the end of the test or of the process, whatever it
 * becomes by an exec. With `path`, only calls that concern that file.
 */
export async function inject(t: Test, pid: number, injection: string, path?: string): Promise<() => Promise<void>> {
  const at = path === undefined ? [] : ['-P', path];
  const strace = spawn('strace', ['-p', String(pid), '-o', '/dev/null', ...at, '-e', `inject=${injection}`]);
  let said = '';
  let ended = false;
  strace.stderr.setEncoding('latin1').on('data', (text: string) => (said += text));
  strace.once('close', () => (ended = true));
  const detach = async () => {
    strace.kill('SIGINT');
    await eventually('strace to let go', () => ended);
  };
  t.teardown(detach);
  await eventually('strace', () => said.includes('attached'), { seen: () => said });
  return detach;
}

/** The lines of a trace of several threads, without thread numbers; a call in two parts becomes one line again. */
export function wholeCalls(trace: string): string {
  const begun = new Map<string, string>();
  const lines = trace.split('\n').flatMap((line) => {
    const [, thread = '', call = line] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const [, beginning] = /^(.*) <unfinished \.\.\.>$/.exec(call) ?? [];
    if (beginning !== undefined) begun.set(thread, beginning);
    const [, end] = /^<\.\.\. \w+ resumed>(.*)$/.exec(call) ?? [];
    if (beginning !== undefined) return [];
    return end === undefined ? [call] : [`${begun.get(thread) ?? ''}${end}`];
  });
  return lines.join('\n');
}
