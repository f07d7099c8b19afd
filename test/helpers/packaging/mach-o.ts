import { readFileSync } from 'node:fs';

export interface MachO {
  readonly cpu: string;
  readonly type: string;
  /** The oldest macOS that loads it, such as 11.0. */
  readonly minimum: string | undefined;
  readonly libraries: readonly string[];
  /** macOS on arm64 loads nothing unsigned. */
  readonly isSigned: boolean;
  /** Names for which no library is given, so that the loader looks for them in all that is loaded, node itself included. */
  readonly looksFor: readonly string[];
}

const cpus = new Map([
  [0x01000007, 'x86_64'],
  [0x0100000c, 'arm64'],
]);
const types = new Map([
  [6, 'dylib'],
  [8, 'bundle'],
]);
const command = { symbols: 0x2, library: 0xc, signature: 0x1d, build: 0x32 };

/** Reads a 64-bit little-endian Mach-O file, as <mach-o/loader.h> and <mach-o/nlist.h> describe it. */
export function readMachO(file: string): MachO {
  const bytes = readFileSync(file);
  const word = (at: number) => bytes.readUInt32LE(at);
  if (word(0) !== 0xfeedfacf) throw new Error(`${file} is no 64-bit Mach-O file`);
  const commands = loadCommands(bytes);
  const placesOf = (wanted: number) => commands.filter(({ type }) => type === wanted).map(({ at }) => at);
  const [build] = placesOf(command.build);
  return {
    cpu: cpus.get(word(4)) ?? String(word(4)),
    type: types.get(word(12)) ?? String(word(12)),
    minimum: build === undefined ? undefined : `${String(word(build + 12) >> 16)}.${String(bytes[build + 13])}`,
    libraries: placesOf(command.library).map((at) => textAt(bytes, at + word(at + 8))),
    isSigned: placesOf(command.signature).length === 1,
    looksFor: placesOf(command.symbols).flatMap((at) => flatNames(bytes, at)),
  };
}

function loadCommands(bytes: Buffer): { type: number; at: number }[] {
  const commands = [];
  for (let at = 32, left = bytes.readUInt32LE(16); left > 0; at += bytes.readUInt32LE(at + 4), left -= 1)
    commands.push({ type: bytes.readUInt32LE(at), at });
  return commands;
}

function flatNames(bytes: Buffer, at: number): string[] {
  const [symbols = 0, count = 0, strings = 0] = [8, 12, 16].map((offset) => bytes.readUInt32LE(at + offset));
  const names = [];
  for (let entry = symbols; entry < symbols + count * 16; entry += 16) {
    const isUndefined = ((bytes[entry + 4] ?? 0) & 0x0e) === 0;
    const library = bytes[entry + 7];
    if (isUndefined && library === 0xfe) names.push(textAt(bytes, strings + bytes.readUInt32LE(entry)));
  }
  return names.sort();
}

function textAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, bytes.indexOf(0, at));
}
