import { fstatSync, readFileSync } from 'node:fs';

/** A device as the tables in /proc name it. */
export interface KernelDevice {
  readonly major: number;
  readonly minor: number;
}

/**
 * The device of an open file as the kernel's own tables have it. On btrfs and overlays stat(2) tells another one: that of
 * a subvolume, or of the layer beneath. Throws what the system refuses.
 */
export function kernelDeviceOf(descriptor: number): KernelDevice {
  return mountedAs(descriptor) ?? deviceOf(fstatSync(descriptor, { bigint: true }).dev);
}

function mountedAs(descriptor: number): KernelDevice | undefined {
  try {
    const facts = readFileSync(`/proc/self/fdinfo/${String(descriptor)}`, 'latin1');
    const mount = /^mnt_id:\s*(\d+)$/m.exec(facts)?.[1];
    return mount === undefined ? undefined : deviceOfMount(readFileSync('/proc/self/mountinfo', 'latin1'), mount);
  } catch {
    return undefined; // no /proc
  }
}

/** The device in the line of /proc/self/mountinfo that begins with the number of the mount. */
export function deviceOfMount(mountinfo: string, mount: string): KernelDevice | undefined {
  const [, major, minor] = new RegExp(`^${mount} \\d+ (\\d+):(\\d+) `, 'm').exec(mountinfo) ?? [];
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

/** The device from the one number that stat(2) gives. */
export function deviceOf(dev: bigint): KernelDevice {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
  const minor = (dev & 0xffn) | ((dev >> 12n) & ~0xffn);
  return { major: Number(major & 0xffff_ffffn), minor: Number(minor & 0xffff_ffffn) };
}
