/**
 * What the superdaemon was started with and its workers shall find unchanged, although node has destroyed it before any
 * JavaScript ran. `bin/start_server` tells in SUPERDAEMON_LAUNCHER; on Linux its holder, a copy of the launching shell,
 * still has the rest in /proc.
 */
import { closeSync, existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { addon } from './addon.js';
import { pause } from './pause.js';

export interface Inheritance {
  /** The environ, entry by entry, as byte strings. */
  readonly environment: readonly string[];
  /** The soft limit of open descriptors; undefined where nobody could tell. */
  readonly softNofile: number | undefined;
  readonly ignoredSignals: readonly number[];
  readonly blockedSignals: readonly number[];
  /** Inherited descriptors that survive an exec, in ascending order, the standard ones among them. */
  readonly descriptors: readonly number[];
}

/** The part of a spawn request that gives a child the limit and the signals as the caller had them. */
export function handedDown({ ignoredSignals, blockedSignals, softNofile }: Inheritance) {
  return { ignoredSignals, blockedSignals, ...(softNofile === undefined ? {} : { softNofile }) };
}

/** The descriptor map that leaves these where they are. */
export function inPlace(descriptors: readonly number[]): (readonly [from: number, to: number])[] {
  return descriptors.map((number) => [number, number] as const);
}

/** The lowest number above the standard ones that is none of these. */
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

/** Reads it all and lets the holder go; to be called once, before descriptors are opened. */
export function readInheritance(): Inheritance {
  const pipe = Number(fact('pipe'));
  const holder = fact('holder');
  const held = holder === undefined ? undefined : readHolder(holder, pipe);
  releaseHolder();
  const report = Number(process.env[daemonVariable]?.split(',')[0]);
  const standard = [0, 1, 2].filter((number) => !numbers('closed').includes(number));
  return {
    environment: (held?.environment ?? withKeptNames(addon.environ())).filter((entry) => !privateEntry.test(entry)),
    softNofile: numberOf(held?.softNofile ?? fact('limit')),
    ignoredSignals: signalsOf(fact('ignored')),
    blockedSignals: signalsOf(fact('blocked')),
    descriptors: standard.concat(
      (held?.descriptors ?? numbers('inherited')).filter((number) => number > 2 && number !== report),
    ),
  };
}

const facts = (process.env[launcherVariable] ?? '').split(' ').map((word) => word.split('=') as [string, string?]);

function fact(name: string): string | undefined {
  return facts.find(([key]) => key === name)?.[1];
}

function numbers(name: string): number[] {
  return facts.filter(([key]) => key === name).map(([, number]) => Number(number));
}

let isReleased = false;

function releaseHolder(): void {
  const pipe = fact('pipe');
  if (isReleased || pipe === undefined) return;
  closeSync(Number(pipe));
  isReleased = true;
}

/**
 * Lets the holder go and reaps it, so that a short command leaves no zombie to a process 1 that reaps nobody. Where the
 * loop has run it is gone already.
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

/** A holder that was killed meanwhile has nothing to tell; one that has hardly begun still has the pipe open, too. */
function readHolder(pid: string, pipe: number) {
  const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'latin1');
  try {
    const environment = read('environ');
    return {
      environment: environment === '' ? [] : environment.replace(/\0$/, '').split('\0'),
      softNofile: /^Max open files +(\d+)/m.exec(read('limits'))?.[1],
      descriptors: readdirSync(`/proc/${pid}/fd`)
        .map(Number)
        .filter((number) => number > 2 && number !== pipe && isInherited(pid, number))
        .sort((a, b) => a - b),
    };
  } catch {
    return undefined;
  }
}

/** Tells what both have from the caller from what each of the two opened for itself under the same number. */
function isInherited(pid: string, number: number): boolean {
  const target = (owner: string) => readlinkSync(`/proc/${owner}/fd/${String(number)}`);
  try {
    return target(pid) === target('self') && !isClosedByExec(pid, number);
  } catch {
    return false; // not open here, or just closed there
  }
}

function isClosedByExec(pid: string, number: number): boolean {
  const closeOnExec = 0o2000000;
  const facts = readFileSync(`/proc/${pid}/fdinfo/${String(number)}`, 'latin1');
  return (parseInt(/^flags:\s*([0-7]+)/m.exec(facts)?.[1] ?? '0', 8) & closeOnExec) !== 0;
}

/** NODE_ variables, kept from this process by the launcher, get their names back. */
function withKeptNames(entries: readonly string[]): string[] {
  return entries.map((entry) => (entry.startsWith(keptPrefix) ? entry.slice(keptPrefix.length) : entry));
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}

/** The numbers in a mask of /proc/PID/status: 64 bits in hexadecimal, the lowest for signal 1. */
function signalsOf(mask: string | undefined): number[] {
  if (mask === undefined || !/^[0-9a-f]+$/.test(mask)) return [];
  const bits = BigInt(`0x${mask}`);
  return Array.from({ length: 64 }, (_, index) => index + 1).filter((signal) => (bits >> BigInt(signal - 1)) & 1n);
}
