import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of a page, with what the comment just before it says to the tests. */
export interface DocBlock {
  /** Relative to the root, as docs/installation.md. */
  readonly page: string;
  readonly line: number;
  /** What stands behind the fence: `sh`, `console`, `yaml` ... */
  readonly language: string;
  readonly text: string;
  /** `<!-- test: serves 8000, continued -->` as ['serves 8000', 'continued']. */
  readonly notes: readonly string[];
  /** The file that the block shows, from `<!-- file: server.mjs -->`. */
  readonly file: string | undefined;
}

const root = join(import.meta.dirname, '../../..');

/** The pages that an operator reads. */
export function pages(): string[] {
  const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.sort().map((name) => `docs/${name}`)];
}

export function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

/** All fenced blocks of a page, in their order; one within a list is taken without its indentation. */
export function blocksOf(page: string, text = textOf(page)): DocBlock[] {
  const fence =
    /^(?: *<!-- (?:test: (?<notes>.*)|file: (?<file>.*)) -->\n\n?)?(?<indent> *)```(?<language>\S*)\n(?<body>[^]*?)^ *```$/gm;
  return [...text.matchAll(fence)].map((found) => {
    const { notes, file, indent = '', language = '', body = '' }: Partial<Record<string, string>> = found.groups ?? {};
    const before = text.slice(0, found.index + found[0].indexOf('```'));
    return {
      page,
      line: before.split('\n').length,
      language,
      text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      notes: notes?.split(', ') ?? [],
      file,
    };
  });
}

/** Blocks of commands. */
export function isCommands({ language }: DocBlock): boolean {
  return ['sh', 'bash', 'shell', 'console'].includes(language);
}

/** Blocks and what goes on in them: one with the note `continued` is run behind the one before it. */
export function stories(blocks: readonly DocBlock[]): DocBlock[][] {
  const all: DocBlock[][] = [];
  for (const block of blocks) {
    if (block.notes.includes('continued')) all.at(-1)?.push(block);
    else all.push([block]);
  }
  return all;
}

/** The value of a note: `serves 8000` -> 8000. */
export function note({ notes }: DocBlock, name: string): string | undefined {
  return notes.find((each) => each.startsWith(`${name} `))?.slice(name.length + 1);
}
