/**
 * The programs that some tests run beside superdaemon: Debian's name, a file by which the package is known to be
 * installed, and the tests that are skipped without it.
 */
import { existsSync } from 'node:fs';

const packages = [
  { name: 'libserver-starter-perl', file: '/usr/share/perl5/Server/Starter.pm', tests: 'comparison with the original' },
  { name: 'starlet', file: '/usr/share/perl5/Plack/Handler/Starlet.pm', tests: 'Starlet under load' },
  { name: 'starman', file: '/usr/bin/starman', tests: 'Starman under load' },
  { name: 'busybox', file: '/bin/busybox', tests: 'launcher under busybox' },
  { name: 'dash', file: '/bin/dash', tests: 'launcher under dash' },
  { name: 'strace', file: '/usr/bin/strace', tests: 'what watches system calls' },
  { name: 'wrk', file: '/usr/bin/wrk', tests: 'load by wrk' },
];

/** The names of those that are not installed. */
export function lacking() {
  return packages.filter(({ file }) => !existsSync(file)).map(({ name }) => name);
}

/** What is not tested without the packages of these names. */
export function testsWithout(names) {
  return packages.filter(({ name }) => names.includes(name)).map(({ tests }) => tests);
}
