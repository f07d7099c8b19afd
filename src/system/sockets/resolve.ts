import { addon } from '../engine/addon.js';

/** The first IPv4 address of a host name, as gethostbyname(3) has it. Throws an Error whose message is the reason. */
export async function resolveHost(host: string): Promise<string> {
  const { lookup } = await import('node:dns'); // loading it costs every start a millisecond, and few name a host
  return new Promise((resolve, reject) => {
    lookup(host, { family: 4, verbatim: true }, (error, address) => {
      if (error === null) resolve(address);
      else reject(new Error(reasonOf(error)));
    });
  });
}

function reasonOf({ code, errno }: NodeJS.ErrnoException): string {
  if (code === 'ENOTFOUND') return 'no such host';
  return errno === undefined ? (code ?? 'unknown error') : addon.strerror(errno);
}
