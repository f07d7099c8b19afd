import t from 'tap';
import { ListenError, type ListenOptions } from '../../src/worker/index.js';
import { settingsOf } from '../../src/worker/options.js';

t.test('defaults', (t) => {
  const settings = settingsOf({ port: undefined, limit: undefined });
  t.match(settings, {
    fallback: undefined,
    retireSignals: ['SIGTERM'],
    limit: 30_000,
    grace: 1000,
    backlog: 65_535,
    warmUp: [],
  });
  t.equal(settings.drain(), undefined);
  t.end();
});

const fallbacks: readonly (readonly [ListenOptions, unknown])[] = [
  [{ port: 80 }, { port: 80, host: undefined }],
  [
    { port: 0, host: '::1' },
    { port: 0, host: '::1' },
  ],
  [{ path: 'a.sock' }, { path: 'a.sock' }],
  // Only the port depends on the place in many programs.
  [{ host: '127.0.0.1' }, undefined],
];

const wrong: readonly (readonly [ListenOptions, RegExp])[] = [
  [{ limit: -1 }, /^limit is -1; give it milliseconds, 0 or more$/],
  [{ grace: NaN }, /^grace is NaN; /],
  // As a program in JavaScript may have it.
  [{ prot: 3 } as ListenOptions, /^option "prot" is unknown; did you mean port\?$/],
  [{ timeout: 3 } as ListenOptions, /^option "timeout" is unknown; give one of port, host, path, retireSignal, /],
  [{ retireSignal: 'TERM' as 'SIGTERM' }, /^retireSignal "TERM" is unknown; did you mean SIGTERM\?$/],
  [
    { retireSignal: ['SIGTREM'] } as unknown as ListenOptions,
    /^retireSignal "SIGTREM" is unknown; did you mean SIGTERM/,
  ],
  [{ warmUp: 'x' }, /^warmUp is "x"; give the path of a request, such as "\/"$/],
  [{ warmUp: ['/', '/a b'] }, /^warmUp is "\/a b"; /],
  [{ warmUp: '/ HTTP/1.0\r\n' }, /^warmUp is /],
  [{ port: 80, path: 'a.sock' }, /^both port and path are given; leave one of them out$/],
];

t.test('fallbacks and mistakes', (t) => {
  for (const [options, expected] of fallbacks) t.same(settingsOf(options).fallback, expected);
  for (const [options, message] of wrong) {
    t.throws(() => settingsOf(options), { name: 'ListenError', code: 'ERR_LISTEN_OPTION', message });
  }
  t.throws(() => settingsOf({ limit: -1 }), ListenError);
  t.end();
});
