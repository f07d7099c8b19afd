/** A server is asked for some paths before it listens, and nothing is left of that. */
import { mkdirSync, readdirSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { createServer as createNet } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ask } from '../helpers/load/ask.js';
import { pskServer } from '../helpers/connections/psk.js';
import { freePort } from '../helpers/place/ports.js';
import { workspace } from '../helpers/place/workspace.js';
import { fixture } from '../helpers/place/samples.js';
import { Run } from '../helpers/running/starter.js';
import { listen } from '../../src/worker/index.js';
import { warmUp } from '../../src/worker/warm-up.js';

/** A limit that nothing here reaches, however slow the machine is. */
const never = 2 ** 31 - 1;

/** Temporary files go into this directory. */
function inPlaceOfTmp(t: Test, directory: string): string {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = directory;
  t.teardown(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  return directory;
}

const makers: Readonly<Record<string, (answer: RequestListener) => Server>> = {
  http: (answer) => createServer(answer),
  https: (answer) => createHttps(pskServer, answer),
};

for (const [kind, make] of Object.entries(makers)) {
  t.test(`${kind}: so many requests, for each path in turn`, async (t) => {
    const directory = inPlaceOfTmp(t, workspace(t));
    const asked: string[] = [];
    const server = make(({ url, socket }, response) => {
      asked.push(`${String(url)} ${String('encrypted' in socket)}`);
      response.writeHead(500).end('no matter');
    });
    await warmUp(server, ['/a', '/b'], { requests: 30, limit: never });
    const of = (path: string) => asked.filter((one) => one === `${path} ${String(kind === 'https')}`).length;
    t.same([asked.length, of('/a'), of('/b')], [30, 15, 15]);
    t.equal(server.listening, false);
    t.same(readdirSync(directory), [], 'nothing is left');
  });
}

t.test('answers that do not come are not waited for beyond the limit', async (t) => {
  const directory = inPlaceOfTmp(t, workspace(t));
  let cut = 0;
  const server = createServer((request) => request.socket.on('close', () => (cut += 1)));
  await warmUp(server, ['/'], { requests: 30, limit: 50 });
  t.ok(cut <= 10, 'ten at a time');
  t.same(readdirSync(directory), [], 'nothing is left');
});

t.test('without a directory for its socket nothing is asked, and nothing fails', async (t) => {
  const directory = workspace(t);
  const tooLong = join(directory, 'x'.repeat(100));
  mkdirSync(tooLong);
  const server = createServer(() => t.fail('asked'));
  for (const temporary of [join(directory, 'no', 'such'), tooLong]) {
    inPlaceOfTmp(t, temporary);
    await warmUp(server, ['/']);
  }
  t.same(readdirSync(tooLong), []);
});

t.test('a server that has no paths cannot be warmed up', async (t) => {
  const expected = { name: 'ListenError', code: 'ERR_LISTEN_OPTION', message: /^warmUp is for servers of node:http / };
  for (const server of [createNet(), createHttp2()])
    await t.rejects(listen(server, { port: 0, warmUp: '/' }), expected);
});

t.test('outside start_server it listens at once', async (t) => {
  const server = createServer(() => t.fail('asked'));
  const listening = await listen(server, { port: 0, warmUp: '/' });
  t.equal(server.listening, true);
  await listening.close();
});

t.test('under start_server each worker is warm before it accepts, and ends as ever', async (t) => {
  const port = await freePort();
  const words = ['--interval=0', `--port=127.0.0.1:${String(port)}`];
  const run = new Run(t, [...words, '--', process.execPath, fixture('warmed.js')]);
  await run.sees(/^starting new worker/);
  // On a machine that stands still for the half second nothing may have been asked.
  for (let ends = 1; !/^warm, and listening: [1-9]\d* before$/.test(await ask.http(port)); ends += 1) {
    run.signal('SIGHUP');
    await run.sees(/^old worker \d+ died, status:0$/, ends);
  }
  t.same(await run.stop(), { code: 0, signal: null });
});
