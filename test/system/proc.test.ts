import t from 'tap';
import { countsAs, pidInProc, procOfOurPids } from '../../src/system/processes/proc.js';

const table: readonly (readonly [what: string, status: string, counts: boolean])[] = [
  ['in the first namespace', 'Name:\tnode\nPid:\t42\nNSpid:\t42\nNSsid:\t1\n', true],
  ['in the namespace that /proc was mounted for', 'Pid:\t42\nNSpid:\t42\n', true],
  ['in a namespace below it', 'Pid:\t4711\nNSpid:\t4711\t42\n', false],
  ['below it, by chance with the same number', 'Pid:\t42\nNSpid:\t42\t42\n', false],
  ['another process', 'Pid:\t41\nNSpid:\t41\n', false],
  ['before Linux 4.1', 'Name:\tx\nPid:\t42\nPPid:\t1\n', true],
  ['a name that forges a line', 'Name:\tNSpid:\\n42\nPid:\t41\nNSpid:\t41\n', false],
  ['nothing', '', false],
];
for (const [what, status, counts] of table) {
  t.test(`whether /proc tells of our pids: ${what}`, (t) => {
    t.equal(countsAs(status, 42), counts);
    t.end();
  });
}

t.test('here it does', { skip: process.platform !== 'linux' && 'no /proc' }, (t) => {
  t.equal(procOfOurPids(), '/proc');
  t.equal(pidInProc(process.pid), process.pid);
  t.end();
});
