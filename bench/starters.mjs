/** Every start_server that there is to measure, ours first. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { measured } from '../scripts/measured.mjs';
import { root } from './programs.mjs';

const original = '/usr/bin/start_server';

/** Variables tell where the Go ports are, since no distribution has them. */
const goPorts = [
  { name: 'Go, lestrrat-go', variable: 'BENCH_GO_LESTRRAT', source: 'lestrrat-go/server-starter' },
  { name: 'Go, shogo82148', variable: 'BENCH_GO_SHOGO', source: 'shogo82148/server-starter' },
];

/**
 * The starters that are present, and for each of the others a line that says why it is not measured. `id` is a word for
 * files, `commands` whether `--restart` and `--stop` are there.
 */
export function findStarters(env = process.env) {
  const ours = {
    id: 'superdaemon',
    name: 'superdaemon',
    command: [join(root, 'bin/start_server')],
    about: `${measured()}, Node.js ${nodeVersion()}`,
    commands: ['restart', 'stop'],
  };
  const present = [ours];
  const absent = [];
  if (existsSync(original) && readFileSync(original, 'latin1').includes('use Server::Starter')) {
    const about = `Perl's start_server ${versionOf(original)}`;
    present.push({
      id: 'original',
      name: "Perl's original",
      command: [original],
      about,
      commands: ['restart', 'stop'],
    });
  } else absent.push(`Perl's original: no ${original} (Debian's package libserver-starter-perl)`);
  for (const { name, variable, source } of goPorts) {
    const file = env[variable];
    if (!file) absent.push(`${source}: ${variable} does not name its binary`);
    else if (!existsSync(file)) absent.push(`${source}: ${variable} names a file that is not there`);
    else present.push({ id: variable.slice(9).toLowerCase(), name, command: [file], about: source, commands: [] });
  }
  return { present, absent };
}

/** The version of the node that the launcher will find. */
function nodeVersion() {
  return spawnSync('node', ['--version'], { encoding: 'utf8' }).stdout.trim();
}

function versionOf(command) {
  return spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout.trim();
}
