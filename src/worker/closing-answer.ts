import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';

type Value = OutgoingHttpHeader | undefined;
type Field = readonly [name: string, value: Value];

/** Fields in the forms in which a program may give them to `writeHead`: by name, in pairs, or names and values in turn. */
type Fields = OutgoingHttpHeaders | readonly Field[] | readonly Value[];

/** The arguments of `writeHead` after the status. */
type HeadWords = readonly [reason?: string | Fields | null, fields?: Fields | null];

/** The type of `writeHead`; its own declaration does not know pairs. */
type WriteHead = (status: number, ...words: HeadWords) => ServerResponse;

const switchingProtocols = 101;

/**
 * Has an answer say that it closes its connection, and close it, if `isLast` is true when its head is written; then
 * `closes` is called. Nothing is decided before, because requests that were sent ahead may still come, and the program
 * may say something else.
 */
export function closeAfter(response: ServerResponse, isLast: () => boolean, closes: () => void): void {
  if (response.headersSent) return;
  const writeHead = response.writeHead.bind(response) as WriteHead;
  // Every head is written by this, even if the program leaves it to node. `writeHeader` is an old name of it.
  const closing: WriteHead = (status, ...words) => {
    if (response.headersSent || status === switchingProtocols || !isLast()) return writeHead(status, ...words);
    writeHead(status, ...withClose(response, words));
    closes();
    return response;
  };
  Object.assign(response, { writeHead: closing, writeHeader: closing });
}

/**
 * Adds the field in the form in which the program has given its own, or by `setHeader` where it has given none: middleware
 * such as on-headers, which may stand between us and node, does not know every form that node does.
 */
function withClose(response: ServerResponse, words: HeadWords): HeadWords {
  const [reason, second] = words;
  const hasReason = typeof reason === 'string';
  const fields = hasReason ? second : (second ?? reason);
  const value = closingTokens(response, fields ?? []);
  if (fields === undefined || fields === null) {
    response.setHeader('Connection', value);
    return words;
  }
  return hasReason ? [reason, closingFields(fields, value)] : [closingFields(fields, value)];
}

function closingFields(fields: Fields, value: string): Fields {
  const others = pairsOf(fields).filter((field) => !isConnection(field));
  const all = [...others, ['Connection', value] as const];
  if (!isList(fields)) return Object.fromEntries(all);
  return isList(fields[0]) ? all : all.flat(1);
}

function pairsOf(fields: Fields): readonly Field[] {
  if (!isList(fields)) return Object.entries(fields);
  if (isList(fields[0])) return fields as readonly Field[];
  const flat = fields as readonly Value[];
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[String(name), flat[index + 1]] as const] : []));
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isConnection([name]: Field): boolean {
  return name.toLowerCase() === 'connection';
}

/** The program's own `Connection` may name other things than its end, such as `Upgrade`; these stay. */
function closingTokens(response: ServerResponse, fields: Fields): string {
  const given = pairsOf(fields)
    .filter(isConnection)
    .map(([, value]) => value);
  const said = given.length > 0 ? given : [response.getHeader('Connection')];
  const tokens = said.flatMap((value) => String(value ?? '').split(',')).map((token) => token.trim());
  return [...tokens.filter((token) => token !== '' && !/^(?:keep-alive|close)$/i.test(token)), 'close'].join(', ');
}
