import t from 'tap';
import { lookUp, workerEnvironment, type EnvironmentLayers } from '../../src/core/workers/environment.js';

const layers: EnvironmentLayers = {
  start: ['PATH=/bin', 'A=start', 'B=start', 'C=start', 'A=again', 'NOVALUE', 'X=1=2'],
  options: new Map([
    ['B', 'option'],
    ['C', 'option'],
  ]),
  envdir: new Map([['C', 'envdir']]),
};

t.test('the envdir goes before options, options before what was there at the start', (t) => {
  t.same(
    ['A', 'B', 'C', 'X', 'D', 'NOVALUE'].map((name) => lookUp(layers, name)),
    ['start', 'option', 'envdir', '1=2', undefined, undefined],
  );
  t.end();
});

t.test("a worker's environ has each name once, unchanged entries first", (t) => {
  t.same(workerEnvironment(layers, new Map([['OWN', '1']])), [
    'PATH=/bin',
    'A=start',
    'NOVALUE',
    'X=1=2',
    'B=option',
    'C=envdir',
    'OWN=1',
  ]);
  t.end();
});

t.test('nothing overrides the variables of the superdaemon itself', (t) => {
  const own = new Map([['C', 'own']]);
  t.ok(workerEnvironment(layers, own).includes('C=own'));
  t.notOk(workerEnvironment(layers, own).includes('C=envdir'));
  t.end();
});
