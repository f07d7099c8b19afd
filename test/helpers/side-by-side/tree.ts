import { copyFileSync, chmodSync, closeSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addon } from '../../../src/system/engine/addon.js';
import type { Prepared } from './scenario.js';

/** Puts files in place; byte strings are their names and texts. */
export function prepare(directory: string, files: Readonly<Record<string, Prepared>>): void {
  for (const [name, what] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) put(path, what);
  }
}

function put(path: string, what: Prepared): void {
  if (typeof what === 'string') writeFileSync(path, what, 'latin1');
  else if ('link' in what) symlinkSync(what.link, path);
  else if ('copyOf' in what) copyFileSync(what.copyOf, path);
  else if ('staleSocket' in what) {
    closeSync(addon.openListener({ family: 'unix', type: 'stream', address: path, port: 0, backlog: 1 }));
  } else {
    writeFileSync(path, what.text, 'latin1');
    chmodSync(path, what.mode);
  }
}

/** What a directory holds, by name: `socket 777`, `link TARGET`, `file 644 "TEXT"`. */
export function tree(directory: string, below = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(directory, below)).sort()) {
    const path = join(below, name);
    found[path] = described(join(directory, path));
    if (found[path].startsWith('directory')) Object.assign(found, tree(directory, path));
  }
  return found;
}

function described(path: string): string {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 'gone meanwhile';
  if (status.isSymbolicLink()) return `link ${readlinkSync(path)}`;
  const mode = (status.mode & 0o7777).toString(8);
  if (status.isDirectory()) return `directory ${mode}`;
  if (status.isSocket()) return `socket ${mode}`;
  if (!status.isFile()) return `special ${mode}`;
  return `file ${mode} ${status.size > 20_000 ? `of ${String(status.size)} bytes` : readFileSync(path, 'latin1')}`;
}
