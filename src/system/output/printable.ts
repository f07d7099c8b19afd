/**
 * A line without control characters, be they in the name of a file or the value of an option: what an operator reads in a
 * terminal must not move its cursor, nor look like two lines in the log. Tabs and bytes above 127 stay.
 */
export function printable(line: string): string {
  return line.replace(/[\0-\x08\n-\x1f\x7f]/g, escaped);
}

function escaped(character: string): string {
  return character === '\n' ? '\\n' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
