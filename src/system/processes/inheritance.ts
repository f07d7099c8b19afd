/**
 * What the superdaemon was started with and hands down to its workers unchanged, although node, and the shell before it,
 * have changed it before any JavaScript ran. The preloaded library has noted signals and descriptors. The rest is read
 * from /proc of the holder, a copy of the shell that runs `bin/start_server`. Where there is no /proc, the launcher has
 * told the limits.
 */
import { closeSync, existsSync, fstatSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { addon, type SoftLimits } from '../engine/addon.js';
import { calledAs } from '../engine/arguments.js';
import { bytes } from '../engine/bytes.js';
import { pause } from '../engine/pause.js';

export interface Inheritance {
  /** The environ, entry by entry, as byte strings. */
  readonly environment: readonly string[];
  /** Limits that node or the launcher have raised. An absent one was unlimited, or is not known. */
  readonly softLimits: SoftLimits;
  readonly ignoredSignals: readonly number[];
  readonly blockedSignals: readonly number[];
  /** Inherited descriptors that survive an exec, in ascending order, the standard ones among them. */
  readonly descriptors: readonly number[];
}

/** The part of a spawn request that gives a child the limits and signals that the caller had. */
export function handedDown({ ignoredSignals, blockedSignals, softLimits }: Inheritance) {
  return { ignoredSignals, blockedSignals, softLimits };
}

/** The descriptor map that leaves these where they are. */
export function inPlace(descriptors: readonly number[]): (readonly [from: number, to: number])[] {
  return descriptors.map((number) => [number, number] as const);
}

/** The lowest number above the standard ones that is not among these. */
export function lowestBeside(descriptors: readonly number[]): number {
  for (let number = 3; ; number += 1) if (!descriptors.includes(number)) return number;
}

const launcherVariable = 'SUPERDAEMON_LAUNCHER';
const keptPrefix = 'SUPERDAEMON_KEPT_';

/** Tells a daemon that it is one: its descriptor to report on, and the pid of the process in the foreground. */
export const daemonVariable = 'SUPERDAEMON_DAEMON';
/** The node that the launcher takes before any other. */
export const nodeVariable = 'SUPERDAEMON_NODE';

/** Messages of this command to itself, which no worker shall see. */
const privateEntry = new RegExp(`^(?:${launcherVariable}|${daemonVariable}|${nodeVariable})=`);

/** Reads everything and dismisses the holder; to be called once, before descriptors are opened. */
export function readInheritance(): Inheritance {
  const { blocked = [], ignored = [], closed = [], inherited = [] } = addon.launched() ?? {};
  const holder = fact('holder');
  const held = holder === undefined ? undefined : readHolder(holder);
  releaseHolder();
  const ours = [fact('pipe'), fact('preload'), process.env[daemonVariable]?.split(',')[0]].map(Number);
  return {
    environment: (held?.environment ?? withKeptNames(addon.environ())).filter((entry) => !privateEntry.test(entry)),
    softLimits: held?.softLimits ?? toldLimits(),
    ignoredSignals: ignored,
    blockedSignals: blocked,
    descriptors: [...[0, 1, 2].filter((number) => !closed.includes(number)), ...inherited].filter(
      (number) => !ours.includes(number) && !isLauncher(number),
    ),
  };
}

const facts = (process.env[launcherVariable] ?? '').split(' ').map((word) => word.split('=') as [string, string?]);

function fact(name: string): string | undefined {
  return facts.find(([key]) => key === name)?.[1];
}

let isReleased = false;

function releaseHolder(): void {
  const pipe = fact('pipe');
  if (isReleased || pipe === undefined) return;
  closeSync(Number(pipe));
  isReleased = true;
}

/**
 * Ends the holder and reaps it, so that a short command leaves no zombie to a process 1 that reaps nobody. A superdaemon
 * whose loop has run has reaped it already.
 */
export function dismissHolder(): void {
  const holder = fact('holder');
  if (holder === undefined) return;
  releaseHolder();
  for (let waited = 0; waited < 50 && existsSync(`/proc/${holder}`); waited += 1) {
    if (addon.waitpid(Number(holder)) !== undefined) return;
    pause(1);
  }
}

/** A holder that was killed meanwhile has nothing to tell. */
function readHolder(holder: string) {
  try {
    const pid = inProc(holder);
    const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'latin1');
    const environment = read('environ');
    return {
      environment: environment === '' ? [] : environment.replace(/\0$/, '').split('\0'),
      softLimits: limitsIn(read('limits')),
    };
  } catch {
    return undefined;
  }
}

/** The number of the holder in /proc: if /proc is that of an outer pid namespace, its pid is somebody else's there. */
function inProc(holder: string): string {
  const self = readlinkSync('/proc/self');
  if (self === String(process.pid)) return holder;
  return readFileSync(`/proc/self/task/${self}/children`, 'latin1').trim();
}

/** Limits by the names of ulimit and the launcher, with ulimit's unit, and by the names of /proc, where the unit is 1. */
const resources = [
  { name: 'nofile', unit: 1, inProc: 'open files' },
  { name: 'as', unit: 1024, inProc: 'address space' },
  { name: 'data', unit: 1024, inProc: 'data size' },
] as const;

function limitsIn(text: string): SoftLimits {
  return limitsBy(({ inProc }) => numberOf(new RegExp(`^Max ${inProc} +(\\S+)`, 'm').exec(text)?.[1]));
}

function toldLimits(): SoftLimits {
  return limitsBy(({ name, unit }) => {
    const told = numberOf(fact(name));
    return told === undefined ? undefined : told * unit;
  });
}

function limitsBy(look: (resource: (typeof resources)[number]) => number | undefined): SoftLimits {
  const found = resources.map((resource) => [resource.name, look(resource)] as const);
  return Object.fromEntries(found.filter(([, soft]) => soft !== undefined));
}

/** Undefined for `unlimited`. */
function numberOf(text: string | undefined): number | undefined {
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}

/** A shell may leave its script open: bash does if it has the number of a closed standard descriptor, dash beyond 9. */
function isLauncher(descriptor: number): boolean {
  const { dev, ino } = statSync(bytes(calledAs()));
  const opened = fstatSync(descriptor);
  return opened.dev === dev && opened.ino === ino;
}

/** Names of variables that the launcher keeps from a process like this one. */
export function withheldNames(entries: readonly string[]): string[] {
  return entries.flatMap((entry) => {
    const [name = ''] = entry.split('=', 1);
    return name.startsWith(keptPrefix) ? [name.slice(keptPrefix.length)] : [];
  });
}

/** Gives variables that the launcher has kept from this process their names back, and takes out its own LD_PRELOAD. */
function withKeptNames(entries: readonly string[]): string[] {
  return entries
    .filter((entry) => !entry.startsWith('LD_PRELOAD='))
    .map((entry) => (entry.startsWith(keptPrefix) ? entry.slice(keptPrefix.length) : entry));
}
