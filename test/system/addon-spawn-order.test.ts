/** A child that is ordered before what it answers, and started before JavaScript hears of that. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { SpawnOrder } from '../../src/system/engine/addon.js';
import { commandFor, request } from '../helpers/processes/native.js';
import { workspace } from '../helpers/place/workspace.js';

const [HUP, USR1, TERM] = [1, 10, 15];
const fixture = join(import.meta.dirname, '../fixtures/ordered-spawn.mjs');

type Wanted = Partial<Omit<SpawnOrder, 'endOf'>> & { readonly endOf?: 'a child' };

/** What becomes of an order where these signals come together. */
function answered(t: Test, wanted: Wanted, signals: readonly number[]): unknown {
  const order = { request: request('/bin/sleep', ['100']), signal: HUP, unless: [TERM], output: 2, ...wanted };
  const [node = '', , file = ''] = commandFor('environ', []);
  const log = openSync(join(workspace(t), 'log'), 'a');
  writeFileSync(log, 'twelve bytes');
  const words = [fixture, file, JSON.stringify(order), JSON.stringify(signals)];
  const text = execFileSync(node, words, { env: {}, encoding: 'utf8', stdio: ['ignore', 'pipe', log] });
  closeSync(log);
  return JSON.parse(text);
}

t.test('the signal that it is for starts it, once, and the file of its output is measured before', (t) => {
  t.same(answered(t, {}, [HUP]), { isLive: true, size: 12 });
  t.same(answered(t, {}, [HUP, USR1]), { isLive: true, size: 12 });
  t.end();
});

t.test('so does the end of the child that it is for, which stays a zombie', (t) => {
  const ended = { pid: true, status: 256 };
  t.same(answered(t, { endOf: 'a child' }, [USR1]), { isLive: true, ended, size: 12 });
  t.end();
});

t.test('another signal does not, nor one that comes together with what ends the order', (t) => {
  t.same(answered(t, {}, [USR1]), { isLive: false });
  t.same(answered(t, {}, [HUP, TERM]), { isLive: false });
  t.same(answered(t, { endOf: 'a child' }, [TERM]), { isLive: false });
  t.end();
});

t.test('a child that would tell a failure is not started', (t) => {
  t.same(answered(t, { request: request('/no/such', []) }, [HUP]), { isLive: false });
  t.end();
});
