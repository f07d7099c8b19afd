/**
 * A value as our own messages show it: in double quotes and on one line, whatever is in it. Control characters, quotes
 * and backslashes are escaped; other bytes stay, so that UTF-8 is readable.
 */
export function quoted(text: string): string {
  return `"${text.replace(/[\0-\x1f\x7f"\\]/g, escaped)}"`;
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
};

function escaped(character: string): string {
  return shortEscapes[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
