/** An answer as it came over the connection. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  /** Whether it says that it is the last one. */
  readonly closes: boolean;
  readonly headers: readonly string[];
  readonly body: string;
}

/** All final answers that are complete in the text of a connection, in order; `method` is that of the requests. */
export function answersIn(text: string, method = 'GET'): Answer[] {
  const answers: Answer[] = [];
  let rest = text;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return answers;
    const [first = '', ...headers] = rest.slice(0, end).split('\r\n');
    const [, status = '', reason = ''] = /^HTTP\/1\.1 (\d+) ?(.*)$/.exec(first) ?? [];
    if (status === '') throw new Error(`no head of an answer: ${JSON.stringify(first)}`);
    rest = rest.slice(end + 4);
    if (status.startsWith('1')) continue;
    const hasBody = method !== 'HEAD' && status !== '204' && status !== '304';
    const body = hasBody ? bodyOf(headers, rest) : { text: '', length: 0 };
    if (body === undefined) return answers;
    rest = rest.slice(body.length);
    answers.push({
      status: Number(status),
      reason,
      closes: tokensOf(headers).includes('close'),
      headers,
      body: body.text,
    });
  }
}

/** Undefined as long as it is not complete. */
function bodyOf(headers: readonly string[], rest: string): { text: string; length: number } | undefined {
  if (valueOf(headers, 'transfer-encoding') === undefined) {
    const length = Number(valueOf(headers, 'content-length') ?? NaN);
    return rest.length >= length ? { text: rest.slice(0, length), length } : undefined;
  }
  // Chunks without extensions, and trailers behind the last.
  const [all] = /^(?:[1-9a-f][0-9a-f]*\r\n[^]*?\r\n)*?0\r\n(?:[^\r\n]+\r\n)*\r\n/i.exec(rest) ?? [];
  return all === undefined ? undefined : { text: all.replace(/(?:^|\r\n)[0-9a-f]+\r\n/gi, ''), length: all.length };
}

function tokensOf(headers: readonly string[]): string[] {
  const values = headers.filter((line) => /^connection:/i.test(line)).map((line) => line.replace(/^[^:]*:/, ''));
  return values.flatMap((value) => value.split(',')).map((token) => token.trim().toLowerCase());
}

function valueOf(headers: readonly string[], name: string): string | undefined {
  return headers.find((line) => line.toLowerCase().startsWith(`${name}:`))?.replace(/^[^:]*: */, '');
}
