/** examples/nomad: it is HCL, and has the stanzas and arguments that Nomad knows, where Nomad expects them. */
import { readFileSync } from 'node:fs';
import { parse } from '@cdktf/hcl2json';
import t from 'tap';
import { example } from '../helpers/place/samples.js';

/** What may stand in a stanza, as the job specification of Nomad 1.8 has it: a kind of value, or another stanza. */
interface Schema {
  readonly [key: string]: 'text' | 'number' | 'flag' | 'texts' | 'duration' | Schema;
}

const check: Schema = { type: 'text', path: 'text', interval: 'duration', timeout: 'duration' };
const changeScript: Schema = { command: 'text', args: 'texts', timeout: 'duration', fail_on_error: 'flag' };
const task: Schema = {
  driver: 'text',
  config: { image: 'text', ports: 'texts', command: 'text', args: 'texts' },
  kill_timeout: 'duration',
  template: { data: 'text', destination: 'text', change_mode: 'text', change_script: changeScript },
};
const job: Schema = {
  datacenters: 'texts',
  type: 'text',
  update: {
    max_parallel: 'number',
    health_check: 'text',
    min_healthy_time: 'duration',
    healthy_deadline: 'duration',
    auto_revert: 'flag',
  },
  group: {
    '*': {
      count: 'number',
      network: { port: { '*': { to: 'number' } } },
      service: { name: 'text', port: 'text', provider: 'text', check },
      task: { '*': task },
    },
  },
};

/** All that does not fit, and all that is missing, each with its path. hcl2json makes a list of every stanza. */
function faults(value: unknown, schema: Schema[string], path: string): string[] {
  if (typeof schema === 'string')
    return fits(value, schema) ? [] : [`${path}: ${JSON.stringify(value)} is no ${schema}`];
  if (Array.isArray(value)) return value.flatMap((each: unknown) => faults(each, schema, path));
  if (typeof value !== 'object' || value === null) return [`${path}: no stanza`];
  const entries = Object.entries(value);
  const unknown = entries
    .filter(([key]) => !(key in schema) && !('*' in schema))
    .map(([key]) => `${path}.${key}: unknown`);
  const missing = Object.keys(schema).filter((key) => key !== '*' && !(key in value));
  const within = entries.flatMap(([key, each]) => {
    const expected = schema[key] ?? schema['*'];
    return expected === undefined ? [] : faults(each, expected, `${path}.${key}`);
  });
  return [...unknown, ...missing.map((key) => `${path}.${key}: missing`), ...within];
}

function fits(value: unknown, kind: Exclude<Schema[string], Schema>): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string' && value !== '';
    case 'number':
      return Number.isInteger(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'texts':
      return Array.isArray(value) && value.every((each) => typeof each === 'string');
    case 'duration':
      return typeof value === 'string' && /^\d+(ms|s|m|h)$/.test(value);
  }
}

const text = readFileSync(example('nomad/app.nomad.hcl'), 'utf8');
const faultsIn = async (hcl: string) => faults(await parse('app.nomad.hcl', hcl), { job: { '*': job } }, 'file');

t.test('the job', async (t) => {
  t.same(await faultsIn(text), []);
});

t.test('its parts agree', (t) => {
  const controls = Array.from(text.matchAll(/"(--control=[^"]*)"/g), ([, option]) => option);
  t.same([controls.length, new Set(controls).size], [2, 1], 'start and restart');
  t.match(text, /"--envdir=\/local\/env"/);
  t.match(text, /destination = "local\/env\/GREETING"/);
  t.match(text, /"--port=8080"/);
  t.match(text, /to = 8080/);
  t.match(text, /change_mode = "script"/);
  t.end();
});

t.test('what would be wrong', async (t) => {
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['auto_revert ', 'autorevert ', /autorevert: unknown/],
    ['kill_timeout = "45s"', 'kill_timeout = 45', /kill_timeout: 45 is no duration/],
    ['fail_on_error = true', '', /fail_on_error: missing/],
  ];
  for (const [from, to, fault] of wrong) t.match((await faultsIn(text.replace(from, to))).join('\n'), fault);
  await t.rejects(parse('x.hcl', 'job "app" {'), 'HCL that is not complete');
});
