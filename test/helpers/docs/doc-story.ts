/** Runs what stands in the documentation, in a network and with processes of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Test } from 'tap';
import { blocksOf, note, type DocBlock } from './doc-blocks.js';
import { example } from '../place/samples.js';
import { ours } from '../running/starter.js';
import { workspace } from '../place/workspace.js';

const root = dirname(example('.'));

/** With ports, processes and mounts of its own: every port is free, and all that the shell has started ends with it. */
const apart = ['--net', '--pid', '--fork', '--mount-proc', '--kill-child'];

/** The file in which everything that is said is collected, in its order. */
const said = '.said';

/** Why blocks cannot be run here, for tap's `skip`. */
export function withoutNamespaces(): string | false {
  if (process.getuid?.() !== 0) return 'only root can have a network of its own';
  const tried = spawnSync('unshare', [...apart, 'sh', '-c', 'ip link set lo up'], { encoding: 'latin1' });
  return tried.status === 0 ? false : `no network of its own: ${tried.stderr}${String(tried.error ?? '')}`;
}

/** A directory with what a reader has after the installation, and nothing else. */
function installed(t: Test): string {
  const directory = workspace(t);
  const bin = join(directory, '.bin');
  mkdirSync(bin);
  symlinkSync(ours.command, join(bin, 'start_server'));
  for (const modules of ['node_modules', '.npm/lib/node_modules']) {
    mkdirSync(join(directory, modules), { recursive: true });
    symlinkSync(root, join(directory, modules, 'superdaemon'));
  }
  return directory;
}

/** The same, with the files that the pages take for granted. */
export function docWorkspace(t: Test): string {
  const directory = installed(t);
  cpSync(example('.'), join(directory, 'examples'), { recursive: true });
  cpSync(example('psgi/app.psgi'), join(directory, 'app.psgi'));
  writeFileSync(join(directory, 'app'), '#!/bin/sh\nexec node examples/http-worker.js\n');
  // Readable for other users, since a page may become one.
  for (const name of [directory, join(directory, 'app')]) chmodSync(name, 0o755);
  return directory;
}

/** One shell runs all blocks of the story; gives its exit code and all that was said. */
export async function runStory(t: Test, blocks: readonly DocBlock[]): Promise<{ code: number; said: string }> {
  const cwd = blocks[0]?.notes.includes('nothing prepared') === true ? installed(t) : docWorkspace(t);
  for (const { file, text } of blocksOf(blocks[0]?.page ?? 'README.md'))
    if (file !== undefined && !file.includes('/')) writeFileSync(join(cwd, file), text);
  const script = [`exec >>${said} 2>&1`, 'ip link set lo up', ...blocks.map(scriptOf)].join('\n');
  const path = [join(cwd, '.bin'), dirname(process.execPath), process.env['PATH']].join(delimiter);
  const env = { PATH: path, HOME: cwd, LANG: 'C', MANPAGER: 'cat', npm_config_prefix: join(cwd, '.npm') };
  const child = spawn('unshare', [...apart, 'timeout', '120', 'sh', '-euc', script], {
    cwd,
    env,
    stdio: 'ignore',
  });
  t.teardown(() => child.kill('SIGKILL'));
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code: code ?? NaN, said: readFileSync(join(cwd, said), 'latin1') };
}

/** What has to run before a block, by the word in its note. */
const setups: Readonly<Record<string, string>> = {
  app: start('start_server --port=8000 --pid-file=app.pid --status-file=app.status -- ./app'),
  controlled: start(
    'start_server --port=8000 --control=app.control --pid-file=app.pid --status-file=app.status -- ./app',
  ),
  failing: [
    start('start_server --port=8000 --control=app.control --pid-file=app.pid --status-file=app.status -- ./app'),
    "printf '#!/bin/sh\\nexit 1\\n' >broken && chmod +x broken && mv broken app",
  ].join('\n'),
  old: start('start_server --path=app.sock --pid-file=old.pid --status-file=old.status -- ./app'),
  'node-24': `mkdir -p node-24/bin && ln -s ${process.execPath} node-24/bin/node`,
  original: start('/usr/bin/start_server --port=8000 --pid-file=old.pid --status-file=old.status -- ./app'),
};

function start(command: string): string {
  return [`${command} &`, ...filesOf(command).map(waitFor)].join('\n');
}

/** Waits after a block as a reader would: until the port answers, or the status file is there. */
function scriptOf(block: DocBlock): string {
  const setup = note(block, 'setup');
  const served = note(block, 'serves');
  const commands = block.language === 'console' ? commandsOf(block.text) : block.text.trimEnd();
  const awaited = [
    ...(served === undefined ? [] : [`curl --silent --fail --max-time 1 --output /dev/null localhost:${served}`]),
    ...filesOf(commands),
    // A process in the background may say its last line after the commands have ended.
    ...lastLine(block),
  ];
  // A command that holds the terminal is put into the background; others have their & already.
  const last = served !== undefined && !/&$/m.test(commands) ? `{ ${commands}\n} &` : commands;
  return [setup === undefined ? '' : setups[setup], last, ...awaited.map(waitFor)].join('\n');
}

function lastLine(block: DocBlock): string[] {
  const last = expectedLines(block).at(-1);
  return last === undefined ? [] : [`grep --quiet --perl-regexp '${last.source.replaceAll("'", "'\\''")}' ${said}`];
}

/** Tests for the status files of everything that a text starts. */
function filesOf(text: string): string[] {
  return Array.from(text.matchAll(/(?<!--restart .*)--status-file=(\S+)/g), ([, file]) => `test -s ${String(file)}`);
}

function waitFor(condition: string): string {
  return `tries=0; until ${condition}; do tries=$((tries + 1)); test $tries -lt 900; sleep 0.1; done`;
}

function commandsOf(console: string): string {
  return Array.from(console.matchAll(/^\$ (.*)$/gm), ([, command]) => command).join('\n');
}

/** The output in a console block, line by line; any number will do for a number or an age, and columns may be wider. */
export function expectedLines({ language, text: all }: DocBlock): RegExp[] {
  if (language !== 'console') return [];
  const lines = all.split('\n').filter((line) => line !== '' && !line.startsWith('$ '));
  return lines.map((line) => {
    const shape = escaped(line)
      .replace(/\d{3,}|\d+(?=s$)/g, '\\d+')
      .replace(/ {2,}/g, ' +');
    return new RegExp(`^${shape}$`, 'm');
  });
}

function escaped(line: string): string {
  return line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
