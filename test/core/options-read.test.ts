/** No option is read by nobody, and nothing that a command line was made of is forgotten on its way. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import ts from 'typescript';
import { chooseCommand } from '../../src/core/command-line/command.js';
import { parseOptions } from '../../src/core/command-line/option-parser.js';
import { optionTable, type OptionRow } from '../../src/core/command-line/option-table.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const system = { names: { SIGTERM: 15, SIGUSR1: 10 }, highest: 64, longestSocketPath: 108 };

/** Command lines beside which an option means something. */
const contexts = [
  [],
  ['--control=c'],
  ['--ready=fd'],
  ['--systemd'],
  ['--log-file=l'],
  ['--port=8080'],
  ['--port=8080', '--take-over=42'],
  ['--control=c', '--restart'],
  ['--control=c', '--stop'],
  ['--control=c', '--show-status'],
  ['--control=c', '--reconfigure'],
];

/** What becomes of a command line, as text; undefined where it is refused. */
function chosen(words: readonly string[], table?: readonly OptionRow[]): string | undefined {
  const asked = parseOptions([...words, '--', 'P'], { posixlyCorrect: false, ...(table && { table }) });
  const command = chooseCommand(asked, system);
  if (!command.ok) return undefined;
  return JSON.stringify(command.value, (key, value: unknown) =>
    // What is only kept to be shown says nothing about what is done.
    key === 'given' ? undefined : value instanceof Map ? [...value] : value,
  );
}

function exampleOf({ name, kind, words, completion }: OptionRow): string {
  if (kind === 'flag') return `--${name}`;
  if (words !== undefined) return `--${name}=${words.at(-1) ?? ''}`;
  return `--${name}=${completion === 'signal' ? 'USR1' : '777'}`;
}

/** Whether there is a command line that means something else with it. */
function isRead(row: OptionRow, table?: readonly OptionRow[]): boolean {
  return contexts.some((context) => {
    const words = [...context, exampleOf(row)];
    const [without, withIt] = [chosen(context, table), chosen(words, table)];
    return withIt !== undefined && withIt !== without;
  });
}

const languageService = languageServiceOf(join(root, 'tsconfig.json'));

/** For the files of src. */
function languageServiceOf(config: string): ts.LanguageService {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, (path) => ts.sys.readFile(path)).config,
    ts.sys,
    root,
  );
  const files = ts.sys.readDirectory(join(root, 'src'), ['.ts']);
  return ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => files,
    getScriptVersion: () => '0',
    getScriptSnapshot: (path) => {
      const text = ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (chosen) => ts.getDefaultLibFilePath(chosen),
    fileExists: (path) => ts.sys.fileExists(path),
    readFile: (path) => ts.sys.readFile(path),
  });
}

t.test('each option changes what is done', (t) => {
  for (const row of optionTable) t.ok(isRead(row), `--${row.name}`);
  const unread: OptionRow = { name: 'unread', kind: 'flag', group: 'Commands', prose: 'nobody looks at it' };
  t.notOk(isRead(unread, [...optionTable, unread]), 'one that nobody reads is found');
  t.end();
});

t.test('each member of what a command line has become is read outside of where it is made', (t) => {
  const members = readersOf('src/core/command-line/command.ts', 'StartCommand');
  members.push(...readersOf('src/core/loop/types.ts', 'Settings'));
  t.ok(members.length > 20);
  for (const { name, readers } of members) t.not(readers, 0, name);
  t.end();
});

/** The members of an interface, and in how many places of src each is named outside of where command lines are read. */
function readersOf(file: string, name: string): { name: string; readers: number }[] {
  const path = join(root, file);
  const declared = languageService.getProgram()?.getSourceFile(path)?.statements.filter(ts.isInterfaceDeclaration);
  return (declared?.find((one) => one.name.text === name)?.members ?? []).map((member) => {
    const found = languageService.findReferences(path, member.name?.getStart() ?? 0) ?? [];
    const readers = found.flatMap(({ references }) => references).filter(({ fileName }) => !isReader(fileName, path));
    return { name: `${name}.${member.name?.getText() ?? ''}`, readers: readers.length };
  });
}

/** Command lines are also compared and shown where they are read. */
function isReader(file: string, declaring: string): boolean {
  const isConsumer = /\/command-(?:changes|words)\.ts$/.test(file);
  return file === declaring || (file.includes('/src/core/command-line/') && !isConsumer);
}
