/** --dir, and how the program is found. */
import t from 'tap';
import { reload, started, wait, type Prepared, type Scenario } from '../helpers/side-by-side/scenario.js';
import { probeOptions } from '../helpers/side-by-side/observation.js';
import { sideBySide } from '../helpers/side-by-side/side-by-side.js';

const steps = [started(1)];
const probeAs = (...words: readonly string[]) => [...words, ...probeOptions];
const executable = (text: string): Prepared => ({ text, mode: 0o755 });
const program: Prepared = { copyOf: '{probe}' };

/** A script without an interpreter's name, which shows its arguments. */
const script = executable(`exec {probe} ${probeOptions.join(' ')} "$0" "$@"\n`);

/** It never starts, and is tried again. */
const failing = (scenario: Scenario, status: number): Scenario => ({
  ...scenario,
  options: ['--interval=2', ...(scenario.options ?? [])],
  steps: [wait(`new worker W1 seems to have failed to start, exit status:${String(status)}`), started(2)],
  end: 'KILL',
});

const withPath = (path: string, scenario: Scenario): Scenario => ({
  ...scenario,
  options: ['--envdir=e', ...(scenario.options ?? [])],
  files: { 'e/PATH': `${path}\n`, ...scenario.files },
});

sideBySide(t, {
  '--dir': { options: ['--dir=sub'], files: { 'sub/': '' }, steps: reload() },
  '--dir through a link': { options: ['--dir=link'], files: { 'sub/': '', link: { link: 'sub' } }, steps },
  '--dir absolute': { options: ['--dir=/'], steps },
  '--dir is not PWD': { options: ['--dir=sub'], files: { 'sub/': '' }, env: { PWD: '/nonsense' }, steps },
  '--dir missing': failing({ options: ['--dir=/no/such/place'] }, 512),
  '--dir missing, relative': failing({ options: ['--dir=no such: place'] }, 512),
  '--dir is a file': failing({ options: ['--dir=f'], files: { f: '' } }, 5120),
  '--dir of an empty text': failing({ options: ['--dir', ''] }, 512),
  '--dir=0': failing({ options: ['--dir=0'] }, 512),
  'a relative program is found after the change of directory': {
    options: ['--dir=sub'],
    files: { 'sub/p': program },
    program: probeAs('./p'),
    steps,
  },
  'a relative program is not found before it': failing(
    { options: ['--dir=sub'], files: { p: program, 'sub/': '' }, program: ['./p'] },
    65280,
  ),
  'a name with a slash in it': { files: { 'bin/p': program }, program: probeAs('bin/p'), steps },
  'a link': { files: { p: { link: '{probe}' } }, program: probeAs('./p'), steps },
  'along PATH': withPath('/nowhere:{cwd}/bin:/bin', { files: { 'bin/p': program }, program: probeAs('p'), steps }),
  'the first one of PATH': withPath('{cwd}/a:{cwd}/b', {
    files: { 'a/p': program, 'b/p': executable('exit 1\n') },
    program: probeAs('p'),
    steps,
  }),
  'one of PATH that may not be executed is passed over': withPath('{cwd}/a:{cwd}/b', {
    files: { 'a/p': 'text', 'b/p': program },
    program: probeAs('p'),
    steps,
  }),
  'a relative element of PATH, with --dir': withPath('bin', {
    options: ['--dir=sub'],
    files: { 'sub/bin/p': program },
    program: probeAs('p'),
    steps,
  }),
  'an empty element of PATH': withPath('/nowhere::/bin', { files: { p: program }, program: probeAs('p'), steps }),
  'an empty element of PATH, with --dir': withPath('/nowhere:', {
    options: ['--dir=sub'],
    files: { 'sub/p': program },
    program: probeAs('p'),
    steps,
  }),
  'PATH is of blanks': failing(withPath(' ', { files: { p: program }, program: ['p'] }), 65280),
  'the directory itself is not searched': failing({ files: { p: program }, program: ['p'] }, 65280),
  'not found': failing({ program: ['/no/such/program', 'x'] }, 65280),
  'not found along PATH': failing({ program: ['no-such-program-anywhere'] }, 65280),
  'not executable': failing({ files: { p: 'text' }, program: ['./p'] }, 65280),
  'not executable, along PATH': failing(withPath('{cwd}/bin', { files: { 'bin/p': 'text' }, program: ['p'] }), 65280),
  'a directory for a program': failing({ files: { 'd/': '' }, program: ['./d'] }, 65280),
  'below a file': failing({ files: { f: '' }, program: ['f/p'] }, 65280),
  'an interpreter that is missing': failing(
    { files: { p: executable('#!/no/such/interpreter\n') }, program: ['./p'] },
    65280,
  ),
  'a carriage return after the interpreter': failing(
    { files: { p: executable('#!/bin/sh\r\nexit 0\r\n') }, program: ['./p'] },
    65280,
  ),
  'an empty text': failing({ program: [''] }, 65280),
  'a command line in one word': failing({ program: ['{probe} -d 0; true'] }, 65280),
  'a script': {
    files: { p: executable('#!/bin/sh\nexec {probe} -o {cwd}/.dump.%p "$0" "$@"\n') },
    program: ['./p', 'a b', '*', ''],
    steps,
  },
  'a script without an interpreter': { files: { p: script }, program: ['./p', 'a b', '*', ''], steps },
  'a script without an interpreter, along PATH': withPath('{cwd}/bin:/usr/bin:/bin', {
    files: { 'bin/p': script },
    program: ['p', 'a b', '-x'],
    steps,
  }),
  'an empty executable file': failing({ files: { p: executable('') }, program: ['./p'] }, 0),
  'a script without an interpreter that fails': failing(
    { files: { p: executable('exit 5\n') }, program: ['./p'] },
    1280,
  ),
  'words are passed unchanged': {
    probe: ['', ' ', '*', '$HOME', '`id`', '\\', "'", '"', '\n', '--', '-', '\xff'],
    steps,
  },
});
