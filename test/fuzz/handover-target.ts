/** What one image of a superdaemon leaves to the next, and what that one answers when it is asked whether it could go on. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeImage, encodeImage } from '../../src/core/handover/checked-image.js';
import { decodeDocument, encodeDocument, type HandoverDocument } from '../../src/core/handover/document.js';
import { Misshapen } from '../../src/core/report/shape.js';
import { partOf, stateOf } from '../../src/core/handover/state-part.js';
import { liveWorkers } from '../../src/core/loop/state.js';
import { fixture } from '../helpers/place/samples.js';
import { wayToEnd } from '../helpers/decision/way-to-end.js';
import type { Target } from './fuzzer.js';

const image =
  '{"superdaemon":"1.0.0","node":"20","file":"/n","name":"s","preload":"","furtherPreloaded":"","withheld":[]}';

/** Lines `PATH VALUE` change members of a whole document; anything else is the text of one. */
export const handoverTarget: Target = {
  name: 'handover-documents',
  seeds: [
    '',
    '{"version":1}',
    '{"version":2}',
    image,
    'version 1',
    'state.phase {"name":"delaying","until":5}',
    'state.phase.name running\nstate.current.pid -1',
    'state.phase {"name":"stopping","code":1}\nstate.old []',
    'listeners.0.descriptor 1e400\ncontrol.peers.0.descriptor 0.5',
    'manager {"watchdog":5,"telling":{"told":{"isReady":true}}}',
    'counters.startedAt 1\nlogger.pid 0\nheard []',
    'command.words.0 \u00e9\ncommand.words.1 "\\u20ac"',
    'writer null\nreadiness.pipes.0 {"pid":1,"fd":2,"length":0}',
  ],
  tokens: [
    ...['state.', 'phase.', 'name ', 'current.', 'old.0.', 'ending.0.', 'limit.', 'pid ', 'descriptor ', 'until '],
    ...[
      'listeners.0.',
      'control.peers.0.',
      'waiting.',
      'readiness.',
      'outliving.',
      'counters.',
      '__proto__.',
      'length ',
    ],
    ...['\n', '0', '-1', '1e400', '{}', '[]', 'null', 'true', '""', '"\\ud800"', '{"name":"', '2147483648'],
  ],
  check: (input) => {
    checkImage(input);
    for (const encoded of [input, changed(input)]) {
      const document = decoded(encoded);
      if (document !== undefined) checkDocument(document);
    }
  },
};

const whole = readFileSync(join(fixture('handover'), 'released-1.0.0.json'), 'latin1');

export const exampleDocument = (): HandoverDocument => decodeDocument(whole);

function changed(input: string): string {
  const document: unknown = JSON.parse(whole);
  for (const line of input.split('\n')) {
    const [, path = '', value = ''] = /^(\S+) (.*)$/s.exec(line) ?? [];
    put(document, path.split('.'), parsed(value));
  }
  return JSON.stringify(document, (_, value: unknown) => (value === Infinity ? '\uffff' : value)).replaceAll(
    '"\uffff"',
    '1e400',
  );
}

/** Where a member on the way is missing, nothing is done, nor where a list would have a gap: JSON writes none. */
function put(into: unknown, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (typeof into !== 'object' || into === null) return;
  if (Array.isArray(into) && !(Number(name) <= into.length)) return;
  if (rest.length > 0) put((into as Record<string, unknown>)[name], rest, value);
  else Object.defineProperty(into, name, { value, enumerable: true, configurable: true, writable: true });
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Undefined where it is refused, which is told in a line. */
function decoded(encoded: string): HandoverDocument | undefined {
  try {
    return decodeDocument(encoded);
  } catch (error) {
    if (!(error instanceof Misshapen)) throw error;
    assert.match(error.message, /^[ -~]{1,200}$/);
    return undefined;
  }
}

/** It arrives as it was, and nobody but processes that it names is ever signalled. */
function checkDocument(document: HandoverDocument): void {
  const encoded = encodeDocument(document);
  assert.doesNotMatch(encoded, /[^\0-\xff]/, 'a byte string');
  assert.deepEqual(decodeDocument(encoded), document);
  const state = stateOf(document.state, wayToEnd);
  for (const { pid } of [...liveWorkers(state), ...state.ending]) assert.ok(Number.isInteger(pid) && pid > 0);
  for (const { descriptor } of document.listeners) assert.ok(Number.isInteger(descriptor) && descriptor >= 0);
  const part = partOf(state);
  assert.ok(part !== undefined);
  assert.deepEqual(stateOf(part, wayToEnd), state);
}

function checkImage(input: string): void {
  const image = decodeImage(input);
  if (image !== undefined) assert.deepEqual(decodeImage(encodeImage(image)), image);
}
