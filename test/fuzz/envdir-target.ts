/** Envdir files are read from a real directory: what is in a file, and what it is called. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workerEnvironment } from '../../src/core/workers/environment.js';
import { readEnvdir } from '../../src/system/files/envdir.js';
import type { Target } from './fuzzer.js';

const reserved = ['SERVER_STARTER_PORT', 'SERVER_STARTER_GENERATION'];

let made: string | undefined;

/** Made at the first use, so that who fuzzes something else makes none; removed with the process. */
function directory(): string {
  if (made !== undefined) return made;
  const path = mkdtempSync(join(tmpdir(), 'superdaemon-fuzz-'));
  process.once('exit', () => {
    rmSync(path, { recursive: true, force: true });
  });
  return (made = path);
}

/** The name is what stands before the first `/`. */
export const envdirTarget: Target = {
  name: 'envdir-files',
  seeds: [
    'NAME/value\n',
    'NAME/',
    'NAME/\n',
    'N/a\0b\nc',
    '.hidden/x',
    'SERVER_STARTER_PORT/1=2',
    'A=B/c',
    'PATH/\xff\r\n',
  ],
  tokens: ['/', '\n', '\0', '=', 'ENVDIR/', 'SERVER_STARTER_GENERATION/'],
  check: (input) => {
    const [name = '', ...rest] = input.split('/');
    const content = rest.join('/');
    const isName = !name.includes('\0') && !['', '.', '..'].includes(name) && name.length < 256;
    const path = Buffer.from(`${directory()}/${name}`, 'latin1');
    if (isName) writeFileSync(path, content, 'latin1');
    const variables = readEnvdir(directory());
    if (isName) rmSync(path);
    for (const [key, value] of variables) {
      assert.ok(isName && key === name && !key.startsWith('.') && !reserved.includes(key));
      assert.ok(content.startsWith(value) && !/[\0\n]/.test(value));
      assert.deepEqual([value, '\n', '\0'].includes(content.slice(value.length, value.length + 1) || value), true);
      const own = new Map([['SERVER_STARTER_PORT', '8080=3']]);
      const entries = workerEnvironment({ start: ['A=1', name], options: new Map(), envdir: variables }, own);
      assert.ok(entries.includes('SERVER_STARTER_PORT=8080=3'));
      assert.equal(
        entries.some((entry) => entry.includes('\0')),
        false,
      );
    }
    assert.deepEqual(readdirSync(directory()), []);
  },
};
