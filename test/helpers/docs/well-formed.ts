const name = '[A-Za-z_][\\w.:-]*';
const text = '(?:[^<&]|&(?:\\w+|#\\d+|#x[0-9a-fA-F]+);)';
const tag = new RegExp(
  `<(?<end>/?)(?<name>${name})(?<attributes>(?:\\s+${name}="(?:(?!")${text})*")*)\\s*(?<empty>/?)>|(?<text>${text}+)`,
  'gy',
);

/** Where an XML document of elements, attributes and text is not well-formed; undefined where it is all the way. */
export function faultIn(document: string): string | undefined {
  const body = document.replace(/^<\?xml [^?]*\?>/, '').trim();
  const open: string[] = [];
  let roots = 0;
  for (let at = 0; at < body.length; at = tag.lastIndex) {
    tag.lastIndex = at;
    const found = tag.exec(body)?.groups;
    if (found === undefined) return body.slice(at, at + 40);
    const { end, name: element = '', attributes = '', empty, text: plain } = found;
    if (plain !== undefined) {
      if (open.length === 0) return plain;
      continue;
    }
    const keys = Array.from(attributes.matchAll(new RegExp(`(${name})=`, 'g')), ([, key]) => key);
    if (new Set(keys).size < keys.length) return `<${element}${attributes}>`;
    if (end === '/') {
      if (open.pop() !== element) return `</${element}>`;
    } else {
      roots += open.length === 0 ? 1 : 0;
      if (empty !== '/') open.push(element);
    }
  }
  return open[0] ?? (roots === 1 ? undefined : `${String(roots)} roots`);
}
