/** The machine on which all this was measured. */
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

export function machine() {
  const system = /^PRETTY_NAME="?(.*?)"?$/m.exec(textOf('/etc/os-release'))?.[1] ?? process.platform;
  const processor = cpus()[0]?.model.trim() || arch();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return `${processor}, ${availableParallelism()} processors, ${memory} GiB; ${system}, kernel ${release()}`;
}

/** The load average of the last minute: other programs have an effect on every round, but on all starters alike. */
export function load() {
  return loadavg()[0].toFixed(1);
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
