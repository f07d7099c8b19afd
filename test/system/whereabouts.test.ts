/** Two names of one place are told from two places. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { whereabouts } from '../../src/system/files/whereabouts.js';
import { room } from '../helpers/place/room.js';

const cwd = room(t);
mkdirSync(join(cwd, 'd'));
symlinkSync('d', join(cwd, 'to-d'));
symlinkSync('f', join(cwd, 'to-f'));
symlinkSync('to-f', join(cwd, 'to-to-f'));
symlinkSync('loop', join(cwd, 'loop'));
mkdirSync(join(cwd, 'd/deep'));
symlinkSync('d/deep', join(cwd, 'to-deep'));

/** What is followed is so for `true` only. */
const same: readonly (readonly [one: string, other: string, isFollowed: boolean])[] = [
  ['f', './f', false],
  ['f', 'd/../f', false],
  ['d/f', 'to-d/f', false],
  ['d/f', 'to-deep/../f', false],
  ['none/f', 'none/./f', false],
  ['f', 'to-f', true],
  ['f', 'to-to-f', true],
];
const different: typeof same = [
  ['f', 'd/f', false],
  ['f', 'g', true],
  ['f', 'to-deep/../f', false],
  ['f', 'to-f', false],
  ['f', 'loop', true],
];
const at = (path: string, isFollowed: boolean) => whereabouts(join(cwd, '.').concat('/', path), isFollowed);
for (const [one, other, isFollowed] of same) t.equal(at(one, isFollowed), at(other, isFollowed), `${one}, ${other}`);
for (const [one, other, isFollowed] of different) t.not(at(one, isFollowed), at(other, isFollowed), `${one}, ${other}`);
t.equal(whereabouts('./f', false), whereabouts(join(process.cwd(), 'f'), false), 'from this directory');
