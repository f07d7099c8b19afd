/** TLS by a key that both sides know: it needs no certificate. */
const key = Buffer.alloc(16, 'k');
const common = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const;

export const pskServer = { ...common, pskCallback: () => key };

export const pskClient = {
  ...common,
  pskCallback: () => ({ psk: key, identity: 'test' }),
  checkServerIdentity: () => undefined,
};
