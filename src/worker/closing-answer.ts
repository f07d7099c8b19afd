import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';

type Value = OutgoingHttpHeader | undefined;
type Field = readonly [name: string, value: Value];

/** As a program may give them to `writeHead`: by name, in pairs, or names and values in turn. */
type Fields = OutgoingHttpHeaders | readonly Field[] | readonly Value[];

/** What follows the status there. */
type HeadWords = readonly [reason?: string | Fields | null, fields?: Fields | null];

/** The head of `writeHead`, whose declaration does not know pairs. */
type WriteHead = (status: number, ...words: HeadWords) => ServerResponse;

const switchingProtocols = 101;

/**
 * Has an answer say that it closes its connection, and close it, if `isLast` when its head is written; `closes` is called
 * then. Not before, because until then requests may come that were sent ahead, and the program may say something else.
 */
export function closeAfter(response: ServerResponse, isLast: () => boolean, closes: () => void): void {
  if (response.headersSent) return;
  const writeHead = response.writeHead.bind(response) as WriteHead;
  // Every head comes by here, also one that node writes because the program has not. `writeHeader` is an old name of it.
  const closing: WriteHead = (status, ...words) => {
    if (response.headersSent || status === switchingProtocols || !isLast()) return writeHead(status, ...words);
    writeHead(status, ...withClose(response, words));
    closes();
    return response;
  };
  Object.assign(response, { writeHead: closing, writeHeader: closing });
}

function withClose(response: ServerResponse, [reason, fields]: HeadWords): HeadWords {
  return typeof reason === 'string'
    ? [reason, closingFields(response, fields)]
    : [closingFields(response, fields ?? reason)];
}

/** Names and values in turn, since node joins only these to what `setHeader` was told; they replace it. */
function closingFields(response: ServerResponse, fields: Fields | null | undefined): readonly Value[] {
  const given = pairsOf(fields ?? []);
  const values = given.filter(isConnection).map(([, value]) => value);
  const others = given.filter((field) => !isConnection(field));
  const said = values.length > 0 ? values : [response.getHeader('Connection')];
  return [...others.flat(1), 'Connection', closingTokens(said)] as readonly Value[];
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

/** It may name other things than the connection's end, such as `Upgrade`; these stay. */
function closingTokens(values: readonly Value[]): string {
  const tokens = values.flatMap((value) => String(value ?? '').split(',')).map((token) => token.trim());
  return [...tokens.filter((token) => token !== '' && !/^(?:keep-alive|close)$/i.test(token)), 'close'].join(', ');
}
