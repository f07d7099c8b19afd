/** --path. What is in the way and no stale socket is row 15 of the differences. */
import t from 'tap';
import {
  kill,
  look,
  reload,
  remove,
  signal,
  started,
  who,
  write,
  type Prepared,
  type Scenario,
} from '../helpers/side-by-side/scenario.js';
import { sideBySide } from '../helpers/side-by-side/side-by-side.js';

const stale: Prepared = { staleSocket: true };
const steps = [started(1), look];
const underMask = (mask: string) => ['sh', '-c', `umask ${mask}; exec "$@"`, 'sh'];
const long = (length: number) => 'x'.repeat(length);

const opened: readonly (readonly string[])[] = [
  ['s'],
  ['{cwd}/s'],
  ['b.sock', 'a.sock'],
  ['8080'],
  ['@abstract'],
  ['a b,c\td\ne'],
  ['\xc3\xa4'],
  [long(106)],
  [long(107)],
  [long(108)],
];

const untouched: Scenario = { options: ['--port={P}', '--port={P}', '--path=s'], end: 'itself' };

sideBySide(t, {
  ...Object.fromEntries(
    opened.map((paths): [string, Scenario] => [
      `opened: ${paths.join(' ').slice(0, 20)} (${String(paths.join(' ').length)} bytes)`,
      { options: paths.map((path) => `--path=${path}`), steps },
    ]),
  ),
  ...Object.fromEntries(
    ['0000', '0022', '0077', '0777'].map((mask): [string, Scenario] => [
      `under umask ${mask}`,
      { options: ['--path=s', '--pid-file=pid', '--status-file=st'], under: underMask(mask), steps },
    ]),
  ),
  'ports come first': { options: ['--path=b', '--port={P}', '--path=a', '--port=127.0.0.1:0'], steps },
  'with a directory for the program': { options: ['--dir=sub', '--path=s'], files: { 'sub/': '' }, steps },
  'a stale socket': { options: ['--path=s'], files: { s: stale }, steps },
  'a link to a stale socket': { options: ['--path=s'], files: { t: stale, s: { link: 't' } }, steps },
  'stale sockets beside ports with fixed numbers': {
    options: ['--port=127.0.0.1:0=20', '--path=s', '--path=t'],
    files: { s: stale, t: stale },
    steps,
  },
  'a directory': { options: ['--path=d'], files: { 'd/': '' }, end: 'itself' },
  'a parent that is missing': { options: ['--path=no/s'], end: 'itself' },
  'a parent that is a file': { options: ['--path=f/s'], files: { f: '' }, end: 'itself' },
  'the second cannot be made': { options: ['--path=s', '--path=no/s'], end: 'itself' },
  'a port fails: paths are untouched': { ...untouched, files: { s: stale } },
  'a port fails: what is no socket is untouched': { ...untouched, files: { s: 'text' } },
  'gone before the end': { options: ['--path=s'], steps: [started(1), remove('s')] },
  'replaced by a file before the end': {
    options: ['--path=s'],
    steps: [started(1), remove('s'), write('s', 'mine')],
  },
  'through reloads and deaths': {
    options: ['--path=s', '--port=127.0.0.1:0'],
    steps: [...reload(), look, kill(2), started(3), look],
  },
  'KILL leaves all that was made, and the worker': {
    options: ['--path=s', '--pid-file=pid', '--status-file=st'],
    steps: [started(1), look, signal('SIGKILL'), who, look],
    end: 'KILL',
  },
  'no socket at all': { steps },
});
