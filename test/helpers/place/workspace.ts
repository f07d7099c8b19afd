import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';

/** A directory of the test's own, removed at its end. */
export function workspace(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'superdaemon-'));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
