/** Who is told to end after a kill -9: the topmost holders that a dead superdaemon has left, and nobody else. */
import t from 'tap';
import { leftWorkers, type SeenProcess } from '../../src/core/workers/left-workers.js';

/** `PARENT SOCKETS ROLE` of each pid: sockets as letters, `-` for none, `?` where they are hidden. */
function seen(processes: Readonly<Record<number, string>>): Map<number, SeenProcess> {
  return new Map(
    Object.entries(processes).map(([pid, text]) => {
      const [parent = '', held = '-', role = 'program'] = text.split(' ');
      const sockets = held === '?' ? undefined : Array.from(held.matchAll(/[a-z]/g), ([letter]) => letter);
      const roles = { program: 'program', superdaemon: 'superdaemon', manager: 'service manager' } as const;
      return [
        Number(pid),
        { pid: Number(pid), parent: Number(parent), sockets, role: roles[role as keyof typeof roles] },
      ];
    }),
  );
}

/** Process 1, the shell 90 and this process 91 are there; the status file names 100 and 101. */
const world = { 1: '0', 90: '1', 91: '90' };
type Row = readonly [what: string, processes: Readonly<Record<number, string>>, told: readonly number[]];
const rows: readonly Row[] = [
  ['a worker that was left', { 100: '1 a' }, [100]],
  ['two generations', { 100: '1 a', 101: '1 a' }, [100, 101]],
  ['a master and its children, which are its own affair', { 100: '1 a', 200: '100 a', 201: '200 a' }, [100]],
  ['one that holds one of several sockets', { 100: '1 b', 101: '1 ab' }, [100, 101]],
  ['one that was forked too late to be named', { 100: '1 a', 200: '1 a' }, [100, 200]],
  ['the child of a master that has ended, beside it', { 100: '1 a', 200: '1 a', 201: '200 a' }, [100, 200]],
  ['orphans whose new parent is no process 1', { 50: '1', 100: '50 a', 101: '50 a', 200: '50 a' }, [100, 101, 200]],
  ['a pid that somebody else has by now', { 100: '1 -' }, []],
  ['one that is gone', {}, []],
  ['one of which nothing is to be seen', { 100: '1 ?' }, []],
  ['a holder that nobody has named', { 200: '1 a' }, []],
  ['beside it one with another socket', { 100: '1 a', 200: '1 b' }, [100]],
  ['beside it one of another parent', { 50: '1', 100: '1 a', 200: '50 a' }, [100]],
  ['a worker of a superdaemon that lives, whatever it is called', { 99: '1 a', 100: '99 a', 200: '100 a' }, []],
  ['the same behind a wrapper that has closed it', { 98: '1 a', 99: '98 -', 100: '99 a' }, []],
  ['a superdaemon above that holds another socket', { 99: '1 b superdaemon', 100: '99 a' }, []],
  ['one above that holds another socket, and is none', { 99: '1 b', 100: '99 a' }, [100]],
  ['a process above that hides what it holds', { 99: '1 ?', 100: '99 a' }, []],
  ['a process above that is hidden altogether', { 100: '99 a' }, []],
  ['a superdaemon with the pid, and what descends from it', { 100: '1 a superdaemon', 101: '100 a' }, []],
  ['a superdaemon beside it', { 100: '1 a', 200: '1 a superdaemon' }, [100]],
  [
    'the worker of a superdaemon that has taken the socket over',
    { 100: '1 a', 98: '1 a superdaemon', 101: '98 a' },
    [100],
  ],
  ['a service manager that keeps the socket', { 100: '1 a', 200: '1 a manager' }, [100]],
  ['a service manager that has the pid', { 100: '1 a manager' }, []],
  ['a service manager as the parent, without the socket', { 50: '1 - manager', 100: '50 a' }, [100]],
  ['a service manager as the parent, with the socket', { 50: '1 a manager', 100: '50 a' }, []],
];
for (const [what, processes, told] of rows) {
  t.test(`told to end, of ${what}: ${told.join(' ') || 'nobody'}`, (t) => {
    t.same(leftWorkers([100, 101], seen({ ...world, ...processes }), 91), told);
    t.end();
  });
}

t.test('process 1 may hide what it holds; if it shows that it has the socket, it counts as any other', (t) => {
  const one = { 90: '1', 91: '90', 100: '1 a' };
  t.same(leftWorkers([100], seen({ ...one, 1: '0 ?' }), 91), [100]);
  t.same(leftWorkers([100], seen(one), 91), [100], 'or is hidden itself');
  t.same(leftWorkers([100], seen({ ...one, 1: '0 a' }), 91), []);
  t.same(leftWorkers([100], seen({ ...one, 1: '0 - superdaemon' }), 91), [], 'in a container');
  t.end();
});

t.test('never process 1, nor this process, nor one that it descends from', (t) => {
  const all = seen({ 1: '0 a', 90: '1 a', 91: '90 a' });
  t.same(leftWorkers([0, 1, 90, 91], all, 91), []);
  t.same(leftWorkers([90], seen({ 1: '0', 90: '1 a', 91: '90' }), 91), [], 'a worker that starts the service anew');
  t.same(leftWorkers([100], seen({ ...world, 100: '1 a', 90: '1 a' }), 91), [100], 'nor beside one that was left');
  t.end();
});

t.test('a circle of parents, as pids given anew may show one, ends nowhere', (t) => {
  t.same(leftWorkers([100], seen({ 100: '101 a', 101: '100' }), 91), []);
  t.same(leftWorkers([100, 100], seen({ ...world, 100: '1 a' }), 91), [100], 'and nobody is told twice');
  t.end();
});
