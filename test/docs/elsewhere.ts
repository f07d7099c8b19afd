/** Commands of the documentation that test/docs/commands.test.ts does not run, by a text of their block, and why. */
export interface NotRun {
  readonly page: string;
  /** Stands in one block of the page. */
  readonly text: string;
  /** `run by test/...`, or `needs ...`. */
  readonly reason: string;
}

/** But for `npm ci`, which needs a registry. */
const installing = 'run by test/packaging/global-install.test.ts';
const cluster = 'needs a Kubernetes cluster';
const registry = 'needs a registry, or the headers of node from the network';

export const elsewhere: readonly NotRun[] = [
  { page: 'README.md', text: 'npm install --global', reason: installing },
  { page: 'README.md', text: 'npm install ~/', reason: installing },
  { page: 'README.md', text: 'npm start', reason: 'run by test/packaging/start.test.ts' },
  { page: 'docs/installation.md', text: 'npm ci && npm pack', reason: installing },
  { page: 'docs/installation.md', text: '--prefix="$HOME/.local"', reason: installing },
  { page: 'docs/installation.md', text: 'npm install superdaemon\n', reason: registry },
  { page: 'docs/installation.md', text: 'apt-get install', reason: registry },
  { page: 'docs/installation.md', text: '--build-from-source', reason: registry },
  { page: 'docs/installation.md', text: 'npm uninstall', reason: 'needs an installation for all users' },
  { page: 'docs/installation.md', text: '--prefix=/opt/superdaemon', reason: installing },
  { page: 'docs/troubleshooting.md', text: '-Mlocal::lib', reason: 'needs the module local::lib' },
  { page: 'docs/library.md', text: 'node --test', reason: 'run by test/library/examples.test.ts' },
  { page: 'docs/library.md', text: 'npx tap', reason: 'run by test/library/examples.test.ts' },
  { page: 'docs/readiness.md', text: '--ready=notify --start-timeout', reason: 'run by test/docs/readiness.test.ts' },
  { page: 'docs/readiness.md', text: 'eval "echo READY=1', reason: 'run by test/docs/readiness.test.ts' },
  { page: 'docs/readiness.md', text: 'systemd-notify --ready', reason: 'run by test/docs/readiness.test.ts' },
  { page: 'docs/systemd.md', text: 'systemctl daemon-reload', reason: 'needs a systemd that runs' },
  { page: 'docs/systemd.md', text: 'systemctl reload', reason: 'needs a systemd that runs' },
  { page: 'docs/systemd.md', text: 'update-rc.d', reason: 'run by test/docs/init.test.ts' },
  { page: 'docs/log-rotation.md', text: 'journalctl', reason: 'needs a systemd that runs' },
  { page: 'docs/containers.md', text: 'docker build', reason: 'needs a container engine' },
  { page: 'docs/containers.md', text: 'kubectl apply', reason: cluster },
  { page: 'docs/containers.md', text: 'kubectl exec', reason: cluster },
  { page: 'docs/control.md', text: 'socat - UNIX-CONNECT', reason: 'needs socat' },
  { page: 'docs/control.md', text: 'releases/2', reason: 'needs releases of a program' },
  { page: 'docs/many-machines.md', text: 'kubectl set image', reason: cluster },
  { page: 'docs/many-machines.md', text: 'nomad job', reason: 'needs a Nomad cluster' },
  { page: 'docs/many-machines.md', text: 'ssh "$host"', reason: 'needs other machines' },
  { page: 'docs/many-machines.md', text: 'ansible-playbook', reason: 'run by test/docs/ansible.test.ts' },
];
