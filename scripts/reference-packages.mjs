/**
 * The programs that some tests run beside superdaemon: Debian's name, a file by which the package is known to be
 * installed, and the tests that are skipped without it.
 */
import { existsSync } from 'node:fs';

const packages = [
  { name: 'libserver-starter-perl', file: '/usr/share/perl5/Server/Starter.pm', tests: 'comparison with the original' },
  { name: 'starlet', file: '/usr/share/perl5/Plack/Handler/Starlet.pm', tests: 'Starlet under load' },
  { name: 'starman', file: '/usr/bin/starman', tests: 'Starman under load' },
  { name: 'twiggy', file: '/usr/share/perl5/Plack/Handler/Twiggy.pm', tests: 'Twiggy under load' },
  {
    name: 'libnet-server-ss-prefork-perl',
    file: '/usr/share/perl5/Net/Server/SS/PreFork.pm',
    tests: 'Net::Server::SS::PreFork under load',
  },
  { name: 'libfcgi-perl', file: '/usr/share/doc/libfcgi-perl/copyright', tests: 'FastCGI under load' },
  { name: 'libfcgi-procmanager-perl', file: '/usr/share/perl5/FCGI/ProcManager.pm', tests: 'FastCGI under load' },
  { name: 'fcgiwrap', file: '/usr/sbin/fcgiwrap', tests: 'fcgiwrap under load' },
  { name: 'libmojolicious-perl', file: '/usr/bin/mojo', tests: 'Mojolicious under load' },
  { name: 'h2o', file: '/usr/bin/h2o', tests: 'h2o under load' },
  { name: 'nginx', file: '/usr/sbin/nginx', tests: 'nginx under load' },
  { name: 'haproxy', file: '/usr/sbin/haproxy', tests: 'haproxy under load' },
  { name: 'puma', file: '/usr/bin/puma', tests: 'puma under load' },
  { name: 'unicorn', file: '/usr/bin/unicorn', tests: 'unicorn under load' },
  { name: 'gunicorn', file: '/usr/bin/gunicorn', tests: 'gunicorn under load' },
  { name: 'python3-uvicorn', file: '/usr/lib/python3/dist-packages/uvicorn', tests: 'uvicorn under load' },
  { name: 'uwsgi-core', file: '/usr/bin/uwsgi-core', tests: 'uwsgi under load' },
  { name: 'uwsgi-plugin-psgi', file: '/usr/lib/uwsgi/plugins/psgi_plugin.so', tests: 'uwsgi under load' },
  { name: 'golang-go', file: '/usr/bin/go', tests: 'a Go worker under load' },
  { name: 'busybox', file: '/bin/busybox', tests: 'launcher under busybox' },
  { name: 'dash', file: '/bin/dash', tests: 'launcher under dash' },
  { name: 'strace', file: '/usr/bin/strace', tests: 'what watches system calls' },
  { name: 'wrk', file: '/usr/bin/wrk', tests: 'load by wrk' },
  { name: 'mandoc', file: '/usr/bin/mandoc', tests: 'the manual' },
  { name: 'zsh', file: '/usr/bin/zsh', tests: 'completion in zsh' },
  { name: 'fish', file: '/usr/bin/fish', tests: 'completion in fish' },
  { name: 'systemd', file: '/usr/bin/systemd-analyze', tests: 'unit files in the docs' },
  { name: 'logrotate', file: '/usr/sbin/logrotate', tests: 'log rotation in the docs' },
  { name: 'prometheus', file: '/usr/bin/promtool', tests: 'metrics and alerts' },
  { name: 'monit', file: '/usr/bin/monit', tests: 'the check for monit' },
  { name: 'ansible-core', file: '/usr/bin/ansible-playbook', tests: 'the playbook in the docs' },
];

/** The names of those that are not installed. */
export function lacking() {
  return packages.filter(({ file }) => !existsSync(file)).map(({ name }) => name);
}

/** What is not tested without the packages of these names. */
export function testsWithout(names) {
  return packages.filter(({ name }) => names.includes(name)).map(({ tests }) => tests);
}
