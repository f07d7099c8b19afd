/** Gives the processes of a run names, so that two runs can be compared. */
export class Names {
  readonly #names = new Map<number, string>();
  readonly #counts = new Map<string, number>();

  call(pid: number, name: string): void {
    this.#names.set(pid, name);
  }

  /**
   * The name of a process. A process that is not known yet becomes `X1`, `X2` and so on or, with another `letter`, `W1`,
   * even when a file names it before the log does.
   */
  of(pid: number | string, letter = 'X'): string {
    const known = this.#names.get(Number(pid));
    if (known !== undefined && (letter === 'X' || !known.startsWith('X'))) return known;
    const count = (this.#counts.get(letter) ?? 0) + 1;
    this.#counts.set(letter, count);
    const name = `${letter}${String(count)}`;
    this.#names.set(Number(pid), name);
    return name;
  }

  /** Replaces the pids of a log, of messages and of the probe's events. */
  inLog(text: string): string {
    return text
      .replace(/(?<=workers:)\d+(?:,\d+)*/g, (pids) => this.#list(pids))
      .replace(/(?<=worker |pid:|pid=|from=)[1-9]\d*/g, (pid) => this.of(pid));
  }

  /** A list that is not in the original's order, that of the pids as texts, is shown with a question mark. */
  #list(pids: string): string {
    const list = pids.split(',');
    const named = list.map((pid) => this.of(pid)).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
    return named.join(',') + (list.join() === list.toSorted().join() ? '' : '?');
  }

  /** Replaces the pids of any file that a run writes: a pid file, a status file, a log. */
  inFile(text: string): string {
    if (/^(?:\d+:\d+\n)+$/.test(text)) return text.replace(/(?<=:)\d+/g, (pid) => this.of(pid));
    return /^\d+\n$/.test(text) ? `${this.of(text)}\n` : this.inLog(text);
  }

  /** Replaces the pid at the end of the name of a temporary file. */
  inName(name: string): string {
    return name.replace(/(?<=\.)\d+$/, (pid) => this.#names.get(Number(pid)) ?? pid);
  }
}

export function workersIn(log: string): number[] {
  return Array.from(log.matchAll(/(?<=starting new worker )\d+(?=\n)/g), ([pid]) => Number(pid));
}
