/** The examples as programs of their own, as in development; test/servers has most of them under load. */
import t from 'tap';
import { ask, type Kind } from '../helpers/load/ask.js';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/place/ports.js';
import { Program } from '../helpers/processes/program.js';
import { example } from '../helpers/place/samples.js';
import { Run } from '../helpers/running/starter.js';

const examples: readonly (readonly [file: string, kind: Kind])[] = [
  ['library-worker.js', 'http'],
  ['express-worker.js', 'http'],
  ['koa-worker.js', 'http'],
  ['fastify-worker.js', 'http'],
  ['http2-worker.js', 'http2'],
  ['udp-worker.js', 'udp'],
];

t.test('each answers on a port of its own, and ends by TERM', async (t) => {
  for (const [file, kind] of examples) {
    const port = await freePort();
    const running = new Program(t, [example(file)], { PORT: String(port) });
    const answer = await eventually(`an answer of ${file}`, () => ask[kind](port).catch(() => undefined), {
      seen: () => running.output,
    });
    t.match(answer, /^(\? )?generation 0, pid \d+\n$/, file);
    running.signal('SIGTERM');
    t.same(await running.ended(), { code: 0, signal: null }, file);
  }
});

t.test('the plain one under start_server', async (t) => {
  const port = await freePort();
  const options = ['--interval=0', `--port=127.0.0.1:${String(port)}`];
  const run = new Run(t, [...options, '--', process.execPath, example('library-worker.js')]);
  await run.sees(/^starting new worker/);
  t.match(await ask.http(port), /^generation 1, pid \d+\n$/);
  t.same(await run.stop(), { code: 0, signal: null });
});
