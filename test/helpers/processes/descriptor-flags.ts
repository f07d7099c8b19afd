import { procFile } from './proc-file.js';

export interface DescriptorFlags {
  /** A flag of the descriptor itself. */
  readonly closeOnExec: boolean;
  /** These are flags of the open file, which all its descriptors share, those in other processes, too. */
  readonly nonBlocking: boolean;
  readonly append: boolean;
}

/** The flags of a descriptor of this process or of another. */
export function flagsOf(descriptor: number, pid: number | 'self' = 'self'): DescriptorFlags {
  const text = procFile(pid, `fdinfo/${String(descriptor)}`);
  const flags = parseInt(/^flags:\s*([0-7]+)/m.exec(text)?.[1] ?? '', 8);
  if (Number.isNaN(flags)) throw new Error(`no flags in:\n${text}`);
  const has = (bit: number) => (flags & bit) !== 0;
  return { closeOnExec: has(0o2000000), nonBlocking: has(0o4000), append: has(0o2000) };
}
