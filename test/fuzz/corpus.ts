/** The inputs that are kept: test/fuzz/corpus/PARSER.json, a list of byte strings. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fileOf = (name: string) => join(import.meta.dirname, 'corpus', `${name}.json`);

export function readCorpus(name: string): readonly string[] {
  if (!existsSync(fileOf(name))) return [];
  // Written below; the test that replays it would fail on anything else.
  return JSON.parse(readFileSync(fileOf(name), 'utf8')) as string[];
}

export function writeCorpus(name: string, inputs: readonly string[]): void {
  const sorted = [...new Set(inputs)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const lines = sorted.map((input) => `  ${asciiJson(input)}`);
  writeFileSync(fileOf(name), `[\n${lines.join(',\n')}\n]\n`);
}

function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\xff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
