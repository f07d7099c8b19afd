/** What the shells offer for a line, asked of the shells themselves. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const bashCompletion = '/usr/share/bash-completion/bash_completion';

export interface Offer {
  /** What the word would become or, after `--name=`, the value. */
  readonly word: string;
  /** What the shell shows beside it; nothing in bash. */
  readonly prose: string;
}

/** A directory to be in, in which `bin` is searched for commands; `functions` holds completions of other commands. */
export interface Place {
  readonly directory: string;
  readonly lines: readonly string[];
}

export interface Shell {
  readonly name: string;
  readonly file: string;
  /** Whether it completes the arguments of the program, too. */
  readonly knowsProgram: boolean;
  /** What is offered at the end of each line, in the shell's order. */
  offers(place: Place): ReadonlyMap<string, readonly Offer[]>;
}

export const shells: readonly Shell[] = [
  { name: 'bash', file: 'start_server.bash', knowsProgram: existsSync(bashCompletion), offers: offersOfBash },
  { name: 'zsh', file: '_start_server', knowsProgram: true, offers: offersOfZsh },
  { name: 'fish', file: 'start_server.fish', knowsProgram: true, offers: offersOfFish },
];

/** The standard output of a shell, which has ninety seconds; its standard error helps only to look into a failure. */
export function said(directory: string, command: string, words: readonly string[], input = ''): string {
  const env = {
    PATH: `${join(directory, 'bin')}:${process.env['PATH'] ?? ''}`,
    HOME: directory,
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    INPUTRC: '/dev/null',
  };
  const options = { cwd: directory, env, input, encoding: 'utf8', timeout: 90_000 } as const;
  const { status, stdout, stderr } = spawnSync(command, words, options);
  if (status !== 0) throw new Error(`${command} has ended with ${String(status)}: ${stderr}`);
  return stdout;
}

/** bash uses readline even without a terminal: there M-* inserts all that is offered, and C-a goes to the beginning. */
function offersOfBash({ directory, lines }: Place) {
  return eachLine(lines, (line) => {
    const setup = [bashCompletion, join(directory, 'functions', 'sample.bash')].filter((file) => existsSync(file));
    const input = [
      ...[...setup, join(root, 'completions/start_server.bash')].map((file) => `. ${file}\n`),
      `${line}\x1b*\x01printf '%s\\n' \n`,
    ];
    const words = said(directory, 'bash', ['--norc', '--noprofile', '-i'], input.join('')).trimEnd().split('\n');
    const typed = line.split(' ');
    const last = typed.at(-1) ?? '';
    return words
      .slice(typed.length - 1)
      .filter((word) => word !== last)
      .map((word) => ({ word, prose: '' }));
  });
}

function offersOfZsh({ directory, lines }: Place) {
  const completions = join(root, 'completions/_start_server');
  const words = ['-f', join(root, 'test/fixtures/complete.zsh'), completions, join(directory, 'functions'), ...lines];
  const [, ...answers] = said(directory, 'zsh', words).split(/^> .*\n/m);
  return eachLine(lines, (_, index) => (answers[index] ?? '').split('\n').filter(Boolean).map(offer));
}

function offersOfFish({ directory, lines }: Place) {
  const file = join(directory, 'complete.fish');
  const sources = [join(root, 'completions/start_server.fish'), join(directory, 'functions', 'sample.fish')];
  const text = [
    ...sources.filter((source) => existsSync(source)).map((source) => `source ${source}`),
    ...lines.map((line) => `echo '> '; complete --do-complete='${line}'`),
  ];
  writeFileSync(file, text.join('\n'));
  const [, ...answers] = said(directory, 'fish', ['--no-config', file]).split(/^> \n/m);
  return eachLine(lines, (_, index) => (answers[index] ?? '').split('\n').filter(Boolean).map(offer));
}

/** The offer in a line of two columns. zsh and fish repeat the name before the prose or the value. */
function offer(line: string): Offer {
  const [word = '', prose = ''] = line.split('\t');
  return { word, prose: prose.replace(/^\S+ +-- /, '') };
}

function eachLine(lines: readonly string[], ask: (line: string, index: number) => Offer[]) {
  return new Map(lines.map((line, index) => [line, ask(line, index).map(bare)]));
}

/** The offer without what not every shell does: repeat the name of the option, and end a word. */
function bare({ word, prose }: Offer): Offer {
  return { word: word.replace(/^--[a-z-]+=(?=.)/, '').replace(/[=/]$/, ''), prose };
}
