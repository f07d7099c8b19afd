/** Looks at a program as exec(2) would, after it was refused. */
import { accessSync, closeSync, constants, openSync, readSync, statSync, type Stats } from 'node:fs';
import type { Needed, ProgramFacts } from '../../core/workers/program-facts.js';
import { bytes } from '../engine/bytes.js';
import { isSystemError } from '../engine/system-error.js';

/** execvp(3)'s own search path where the environment has none. */
const defaultPath = '/bin:/usr/bin';

/** Program headers stand at the beginning of a file, and so does the name of the loader. */
const mostOfHeader = 4096;

/** `word` is looked for along PATH of `environment` as execvp(3) does, from the directory `dir` (undefined: this one). */
export function lookAtProgram(word: string, environment: readonly string[], dir: string | undefined): ProgramFacts {
  if (word === '') return { type: 'missing', word, along: undefined, dir };
  const path = word.includes('/') ? undefined : searchPath(environment);
  const candidates = path === undefined ? [word] : path.split(':').map((element) => `${element || '.'}/${word}`);
  const found = candidates.map((candidate) => kindOf(candidate, dir));
  const best = found.find((facts) => facts?.type === 'executable') ?? found.find((facts) => facts !== undefined);
  if (best === undefined) return { type: 'missing', word, along: path, dir };
  return best.type === 'executable' ? withNeeds(best.path, dir) : best;
}

function searchPath(environment: readonly string[]): string {
  const prefix = 'PATH=';
  return environment.find((entry) => entry.startsWith(prefix))?.slice(prefix.length) ?? defaultPath;
}

/** Where a relative path leads from the directory of the program. */
function from(dir: string | undefined, path: string): Buffer {
  return bytes(dir === undefined || path.startsWith('/') ? path : `${dir}/${path}`);
}

function kindOf(path: string, dir: string | undefined): Exclude<ProgramFacts, { type: 'missing' }> | undefined {
  const place = from(dir, path);
  const found = statOf(place);
  if (found === undefined) return undefined;
  if (found !== 'hidden' && found.isDirectory()) return { type: 'directory', path };
  return { type: mayExecute(place) ? 'executable' : 'not executable', path };
}

/** 'hidden' where it lies behind a directory that is closed to us. */
function statOf(place: Buffer): Stats | 'hidden' | undefined {
  try {
    return statSync(place, { throwIfNoEntry: false });
  } catch (error) {
    return isSystemError(error) && error.code === 'EACCES' ? 'hidden' : undefined; // such as ENOTDIR
  }
}

function mayExecute(place: Buffer): boolean {
  try {
    accessSync(place, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function withNeeds(path: string, dir: string | undefined): ProgramFacts {
  const header = headerOf(from(dir, path));
  const interpreter = interpreterOf(header);
  const loader = interpreter === undefined ? loaderOf(header) : undefined;
  const needed = interpreter ?? loader;
  if (needed === undefined) return { type: 'executable', path };
  const state = stateOf(from(dir, needed));
  return {
    type: 'executable',
    path,
    needs: { path: needed, state, as: loader === undefined ? 'interpreter' : 'loader' },
  };
}

function stateOf(place: Buffer): Needed['state'] {
  const found = statOf(place);
  if (found === undefined) return 'missing';
  return found !== 'hidden' && found.isFile() && mayExecute(place) ? 'executable' : 'not executable';
}

/** Empty where it cannot be read: a program need not be readable. */
function headerOf(place: Buffer): Buffer {
  const buffer = Buffer.alloc(mostOfHeader);
  try {
    const descriptor = openSync(place, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return buffer.subarray(0, readSync(descriptor, buffer, 0, mostOfHeader, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return Buffer.alloc(0);
  }
}

/**
 * What the first line names, behind `#!`. It is empty where the file ends before a name, or has a NUL there: Linux then takes
 * the name for empty, and refuses that. Where the line ends it executes the file by a shell.
 */
function interpreterOf(header: Buffer): string | undefined {
  const [, name, end] = /^#![ \t]*([^ \t\n\0]*)([^])/.exec(`${header.toString('latin1')}\0`) ?? [];
  return name === '' && end !== '\0' ? undefined : name;
}

/** What elf(5) calls PT_INTERP: the dynamic loader, without which exec(2) says that the program itself is not there. */
function loaderOf(header: Buffer): string | undefined {
  const [magic, wide, littleEndian] = ['\x7fELF', header[4] === 2, header[5] === 1];
  if (header.length < 64 || header.toString('latin1', 0, 4) !== magic || !littleEndian) return undefined;
  const word = (at: number): number =>
    at + 8 > header.length ? 0 : wide ? Number(header.readBigUInt64LE(at)) : header.readUInt32LE(at);
  const start = word(wide ? 32 : 28);
  const size = header.readUInt16LE(wide ? 54 : 42);
  const count = header.readUInt16LE(wide ? 56 : 44);
  const interp = 3;
  for (let entry = start; entry < start + count * size && entry + size <= header.length; entry += size) {
    if (header.readUInt32LE(entry) !== interp) continue;
    const offset = word(entry + (wide ? 8 : 4));
    return (
      header.toString('latin1', offset, offset + word(entry + (wide ? 32 : 16))).replace(/\0.*$/s, '') || undefined
    );
  }
  return undefined;
}
