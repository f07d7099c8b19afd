/**
 * The raw status of waitpid(2) in words: `exit code 1`, `killed by signal KILL`. `names` are the signals of the system, as
 * in `os.constants.signals`; one without a name is told by its number. Linux and macOS lay the number out alike.
 */
export function waitStatusInWords(status: number, names: Readonly<Record<string, number>>): string {
  const signal = status & 0x7f;
  if (signal === 0) return `exit code ${String((status >> 8) & 0xff)}`;
  const name = Object.keys(names).find((each) => names[each] === signal);
  return `killed by signal ${name === undefined ? String(signal) : name.replace(/^SIG/, '')}`;
}
