import { spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Test } from 'tap';
import { addon, type Addon, type SpawnRequest } from '../../../src/system/engine/addon.js';
import { compiled } from '../place/compile.js';
import { eventually } from '../eventually.js';
import { parseDump, probe, type ProbeDump } from './probe.js';
import { workspace } from '../place/workspace.js';

const root = join(import.meta.dirname, '../../..');

/** A request that leaves descriptors 0 to 2 as they are; the environment is empty. */
export function request(file: string, args: readonly string[], more: Partial<SpawnRequest> = {}): SpawnRequest {
  const standard = [0, 1, 2].map((fd) => [fd, fd] as const);
  return { file, args: [file, ...args], env: [], fds: standard, ...more };
}

/** Waits for a child of this process; gives its raw wait status. */
export async function ended(pid: number): Promise<number> {
  const end = await eventually(`the end of child ${String(pid)}`, () => addon.waitpid(pid));
  return end.status;
}

/** Spawns, waits, and gives the raw wait status. */
export async function run(file: string, args: readonly string[], more: Partial<SpawnRequest> = {}): Promise<number> {
  return ended(addon.spawn(request(file, args, more)));
}

/** What a spawned probe was given. */
export async function probed(t: Test, more: Partial<SpawnRequest> = {}): Promise<ProbeDump> {
  const dump = join(workspace(t), 'dump');
  const args = ['probe', '-o', dump, '-d', '0'];
  const status = await run(probe(), [], { ...more, args: [...args, ...(more.args ?? [])] });
  if (status !== 0) throw new Error(`the probe ended with status ${String(status)}`);
  return parseDump(readFileSync(dump, 'latin1'));
}

/** An executable file. */
export function script(path: string, content: string, mode = 0o755): string {
  writeFileSync(path, content, 'latin1');
  // writeFileSync cannot do it, since the umask takes bits from its mode.
  chmodSync(path, mode);
  return path;
}

export interface Answer {
  value?: unknown;
  /** The wait status of the child, after a spawn. */
  status?: number;
  error?: { code?: string; errno?: number; syscall?: string; message: string };
  stderr: string;
  /** The exit code of the process itself. */
  code: number | null;
}

/** The command line of a process that makes one call of the addon; see test/fixtures/call-addon.mjs. */
export function commandFor<Name extends keyof Addon>(name: Name, args: Parameters<Addon[Name]>): string[] {
  const file = join(root, 'build', 'Release', 'superdaemon.node');
  const caller = join(root, 'test', 'fixtures', 'call-addon.mjs');
  return [process.execPath, caller, file, name, JSON.stringify(args)];
}

export interface Elsewhere {
  readonly refuse?: readonly [call: string, errno: number];
  readonly uid?: number;
  /** The environment of that process; by default it is empty. */
  readonly env?: Readonly<Record<string, string>>;
  /** Nobody reads its descriptor 2. */
  readonly deaf?: boolean;
}

/**
 * Makes one call of the addon in another process, for what this process cannot have: another descriptor 2, another user, a
 * system that refuses a call (see test/fixtures/refuse.c).
 */
export async function callElsewhere<Name extends keyof Addon>(
  name: Name,
  args: Parameters<Addon[Name]>,
  { refuse, uid, env = {}, deaf = false }: Elsewhere = {},
): Promise<Answer> {
  const refusing = refuse && [compiled('refuse', ['refuse.c']), refuse[0], String(refuse[1])];
  const [command = '', ...rest] = [...(refusing ?? []), ...commandFor(name, args)];
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe'];
  const child = spawn(command, rest, { stdio, env, ...(uid !== undefined && { uid }) });
  if (child.stdout === null || child.stderr === null) throw new Error('no pipes');
  if (deaf) child.stderr.destroy();
  child.stderr.setEncoding('latin1');
  const [stdout, stderr] = await Promise.all([text(child.stdout), deaf ? '' : text(child.stderr)]);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  const answer = (stdout === '' ? {} : JSON.parse(stdout)) as Partial<Answer>;
  return { ...answer, stderr, code: child.exitCode };
}
