import { copyFileSync, openSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { ExecRequest } from '../../../src/system/engine/addon.js';
import { nativeFile } from '../../../src/system/engine/package-root.js';
import { environmentAsleep, type Sleep } from '../../../src/system/engine/sleeper.js';
import { eventually } from '../eventually.js';
import { entries, environmentOf, Image, library, plan, script, type ImageOptions } from './image.js';
import { workspace } from '../place/workspace.js';

/** Why there is no sleeper, for tap's `skip`; false where there is one. */
export const withoutSleeper: string | false = process.platform !== 'linux' && 'there is no sleeper elsewhere';

/** The files that an image is started from, and hands to the sleeper; they are in a directory of the test's own. */
export interface Files {
  readonly directory: string;
  readonly node: string;
  readonly script: string;
  readonly library: string;
}

/** `node`: a link to the node that runs, since that is large; or a copy of it. */
export function filesOfImage(t: Test, node: 'link' | 'copy' = 'link'): Files {
  const directory = workspace(t);
  const files = {
    node: join(directory, 'node'),
    script: join(directory, 'image'),
    library: join(directory, 'library'),
  };
  if (node === 'copy') copyFileSync(process.execPath, files.node);
  else symlinkSync(process.execPath, files.node);
  copyFileSync(script, files.script);
  copyFileSync(library, files.library);
  return { directory, ...files };
}

export type Wakes = Partial<Pick<Sleep, 'until' | 'signals' | 'readable'>> & { environment?: readonly string[] };

/** What makes an image the sleeper that has these files open as 3, 4 and 5. */
export function sleepRequest(files: Files, number: number, wakes: Wakes = {}): ExecRequest {
  const { signals = plan.handled, readable = [], environment = [], ...rest } = wakes;
  const next = entries({ ...environmentOf(number), LD_PRELOAD: files.library });
  const held = {
    NODE: { fd: 3, path: files.node },
    SCRIPT: { fd: 4, path: files.script },
    PRELOAD: { fd: 5, path: files.library },
  };
  return {
    file: nativeFile(import.meta.dirname, 'sleeper') ?? '',
    args: [files.node, files.script],
    env: environmentAsleep({ environment: [...next, ...environment], signals, readable, held, ...rest }),
    keep: [0, 1, 2, 3, 4, 5, ...readable],
  };
}

/** Image 1, with its files as 3, 4 and 5, and behind them `descriptors`. */
export async function awake(t: Test, files: Files, options: ImageOptions = {}): Promise<Image> {
  const own = [files.node, files.script, files.library].map((file) => openSync(file, 'r'));
  const image = new Image(t, { ...options, descriptors: [...own, ...(options.descriptors ?? [])] });
  await image.is(1);
  return image;
}

/** Whether the process has become the sleeper, and sleeps. */
export function isAsleep(pid: number): boolean {
  const proc = `/proc/${String(pid)}`;
  return (
    readlinkSync(`${proc}/exe`).endsWith('/sleeper') && readFileSync(`${proc}/comm`, 'latin1') === 'start_server\n'
  );
}

/** Puts an image to sleep, for image `number` to wake. */
export async function fallAsleep(image: Image, request: ExecRequest): Promise<void> {
  image.exec(request);
  await eventually('the sleeper', () => isAsleep(image.pid), { seen: () => image.stderr });
}
