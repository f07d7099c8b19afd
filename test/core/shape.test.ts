/** What comes from outside is read member by member, and what is not what it should be is named. */
import t from 'tap';
import {
  anyPid,
  descriptor,
  flag,
  list,
  byteText,
  Misshapen,
  number,
  oneOf,
  optional,
  pid,
  record,
  text,
  word,
} from '../../src/core/report/shape.js';

const animal = oneOf('kind', { dog: { name: text }, fish: { fins: number } });
const shape = record({ animals: list(animal), mood: word('good', 'bad'), isFed: flag, owner: optional(text) });
const good = {
  animals: [
    { kind: 'dog', name: 'Rex' },
    { kind: 'fish', fins: 3 },
  ],
  mood: 'good',
  isFed: true,
};

t.test('a value of this shape is given back', (t) => {
  t.same(shape(good, 'zoo'), good);
  t.same(shape({ ...good, owner: 'Ann' }, 'zoo'), { ...good, owner: 'Ann' });
  t.end();
});

t.test('members that nobody knows are left out: a newer writer may have them', (t) => {
  t.same(shape({ ...good, size: 3, animals: [{ kind: 'fish', fins: 1, scales: 9 }] }, 'zoo'), {
    ...good,
    animals: [{ kind: 'fish', fins: 1 }],
  });
  t.end();
});

const wrong: readonly (readonly [value: unknown, told: string])[] = [
  [null, 'zoo is not a record'],
  [[], 'zoo is not a record'],
  [{ ...good, animals: {} }, 'zoo.animals is not a list'],
  [{ ...good, animals: [good.animals[0], { kind: 'fish', fins: '3' }] }, 'zoo.animals[1].fins is not a number'],
  [{ ...good, animals: [{ kind: 'cat' }] }, 'zoo.animals[0].kind is not dog or fish'],
  [{ ...good, animals: [{ kind: 'constructor' }] }, 'zoo.animals[0].kind is not dog or fish'],
  [{ ...good, animals: [{}] }, 'zoo.animals[0].kind is not a text'],
  [{ ...good, mood: 'so so' }, 'zoo.mood is not good or bad'],
  [{ ...good, isFed: 1 }, 'zoo.isFed is not true or false'],
  [{ ...good, owner: null }, 'zoo.owner is not a text'],
];
t.test('anything else is told with its place', (t) => {
  for (const [value, told] of wrong)
    t.throws(() => shape(value, 'zoo'), Object.assign(new Misshapen(told), { message: told }), told);
  t.end();
});

t.test('a text of bytes is one that the system can be given', (t) => {
  for (const value of ['', '/bin/x', '\xff\x01']) t.equal(byteText(value, 'it'), value);
  for (const value of ['\0', '\u0100', 1]) t.throws(() => byteText(value, 'it'), /^it is not a text of bytes$/);
  t.end();
});

t.test('a number is one that JSON can write, and processes and descriptors are whole ones', (t) => {
  for (const value of [0, -1.5, 2 ** 53]) t.equal(number(value, 'it'), value);
  for (const value of [Infinity, NaN, '1']) t.throws(() => number(value, 'it'), /^it is not a number$/);
  for (const value of [2, 2 ** 31 - 1]) t.equal(pid(value, 'it'), value);
  for (const value of [1, 0, -1, 1.5, 2 ** 31, '5'])
    t.throws(() => pid(value, 'it'), /^it is not the id of a process$/);
  t.equal(anyPid(1, 'it'), 1, 'a superdaemon may be the first process of a container');
  for (const value of [0, -1]) t.throws(() => anyPid(value, 'it'), /^it is not the id of a process$/);
  t.equal(descriptor(0, 'it'), 0);
  for (const value of [-1, 0.5, 2 ** 31, '3']) t.throws(() => descriptor(value, 'it'), /^it is not a descriptor$/);
  t.end();
});
