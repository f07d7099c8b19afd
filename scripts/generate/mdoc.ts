/** Text in the language of manuals, mdoc(7): no line over 80 bytes, each sentence on a line of its own. */

const width = 78;

/** Plain ASCII made harmless: nothing in it is taken for a macro, and every hyphen can be copied into a shell. */
export function escaped(text: string): string {
  return text.replace(/\\/g, '\\e').replace(/-/g, '\\-').replace(/^[.']/, '\\&$&');
}

/** Sentences of plain text, folded; the first letter becomes a capital, a full stop is added. */
export function sentences(prose: string): string[] {
  const text = prose.charAt(0).toUpperCase() + prose.slice(1) + (/[.:]$/.test(prose) ? '' : '.');
  return text.split(/(?<=[.!?]) (?=[A-Z])/).flatMap(folded);
}

/** Words on as few lines as they need; a line that would begin with a control character is made harmless. */
function folded(sentence: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of sentence.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || escaped(longer).length <= width) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map(escaped);
}

/** A list of tags, each with the lines that explain it. */
export function tagged(items: readonly { readonly tag: string; readonly lines: readonly string[] }[]): string[] {
  return ['.Bl -tag -width Ds', ...items.flatMap(({ tag, lines }) => [`.It ${tag}`, ...lines]), '.El'];
}

/** Lines as they are, in a display of their own. */
export function literal(lines: readonly string[]): string[] {
  return ['.Bd -literal -offset 2n', ...lines.map(escaped), '.Ed'];
}
